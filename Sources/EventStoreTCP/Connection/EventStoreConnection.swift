import EventStoreCore
import EventStoreWire
import Logging
import NIOCore

/// Carries out what the machines decide: one lasting connection, over one channel at a time.
///
/// Runs on the event loop of its channels, so that frames reach it without a hop and in order.
actor EventStoreConnection {
  private enum Waiter {
    case answer(CheckedContinuation<Frame, any Error>)
    case subscription
  }

  private struct Subscription {
    var stream: StreamName?
    /// The group of a persistent subscription; nil for a volatile one.
    var group: String?
    var request: Request
    var inbox: any SubscriptionReceiver
    var confirmation: CheckedContinuation<Void, any Error>?
  }

  nonisolated let unownedExecutor: UnownedSerialExecutor
  private nonisolated let executor: any SerialExecutor
  private nonisolated let eventLoop: any EventLoop
  private nonisolated let configuration: TCPConfiguration
  private nonisolated let logger: Logger
  private nonisolated let metrics: ConnectionMetrics
  private let resolver: any EndpointResolver
  private let opener: ChannelOpener

  private var link: LinkStateMachine
  private var operations: OperationsStateMachine
  private var handshake: ConnectionStateMachine?
  private var endpoint: Endpoint?
  private var connection: UInt64 = 0
  private var channel: (any Channel)?
  private var waiters: [EventID: Waiter] = [:]
  private var subscriptions: [EventID: Subscription] = [:]
  private var readinessWaiters: [CheckedContinuation<Void, any Error>] = []
  private var closeWaiters: [CheckedContinuation<Void, Never>] = []
  private var ticker: RepeatedTask?
  private var pause: Scheduled<Void>?
  private var resolving: Task<Void, Never>?
  private var isFlushScheduled = false
  private var wasReady = false

  /// - Throws: `tlsFailed` when a file with authorities, a certificate or a key cannot be used.
  init(
    configuration: TCPConfiguration, resolver: any EndpointResolver, logger: Logger, metrics: ConnectionMetrics,
    eventLoop: any EventLoop
  ) throws(EventStoreError) {
    executor = eventLoop.executor
    unownedExecutor = executor.asUnownedSerialExecutor()
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.resolver = resolver
    self.logger = logger
    self.metrics = metrics
    opener = try ChannelOpener(configuration: configuration, metrics: metrics)
    link = LinkStateMachine(configuration: configuration)
    operations = OperationsStateMachine(configuration: configuration)
  }

  private var now: NIODeadline { eventLoop.now }
  private var random: Double { .random(in: 0...1) }
}

// MARK: - What callers ask

extension EventStoreConnection {
  /// Connects; returns when requests can be sent.
  func connect() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      guard !link.isClosed else { return continuation.resume(throwing: Self.closedError) }
      if handshake?.isReady == true { return continuation.resume() }
      readinessWaiters.append(continuation)
      wake()
    }
  }

  /// Sends a request, and gives its answer; the caller reads it.
  func answer(to request: Request) async throws -> Frame {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        submit(request, .answer(continuation))
      }
    } onCancel: {
      Task { await self.cancel(request.id) }
    }
  }

  /// Subscribes; returns when the server has confirmed.
  func subscribe(
    _ request: Request, to stream: StreamName?, group: String? = nil, inbox: any SubscriptionReceiver
  ) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        subscriptions[request.id] = Subscription(
          stream: stream, group: group, request: request, inbox: inbox, confirmation: continuation)
        submit(request, .subscription)
      }
    } onCancel: {
      Task { await self.unsubscribe(request.id) }
    }
  }

  /// Ends a subscription, on the server too.
  func unsubscribe(_ id: EventID) {
    guard let subscription = subscriptions.removeValue(forKey: id) else { return }
    subscription.confirmation?.resume(throwing: CancellationError())
    subscription.inbox.ended(nil)
    waiters[id] = nil
    _ = operations.cancelled(id)
    guard handshake?.isReady == true else { return }
    send(UnsubscribeFromStream(), id: id, credentials: nil)
  }

  /// Tells the server something about a subscription; there is no answer, and nothing is sent without a connection.
  func tell(_ id: EventID, _ message: some WireMessage) {
    guard handshake?.isReady == true, subscriptions[id] != nil else { return }
    send(message, id: id, credentials: nil)
  }

  /// Closes the connection for good; returns when its channel is closed.
  func close() async {
    if !link.isClosed {
      link.closed()
      pause?.cancel()
      pause = nil
      resolving?.cancel()
      resolving = nil
      stopTicking()
      failEverything(Self.closedError)
      logger.debug("closing the connection")
      channel?.close(promise: nil)
    }
    guard channel != nil else { return }
    await withCheckedContinuation { closeWaiters.append($0) }
  }

  private func cancel(_ id: EventID) {
    guard operations.cancelled(id) else { return }
    fail(id, CancellationError())
    leaveIfDrained()
    sendWaiting()
  }

  private func submit(_ request: Request, _ waiter: Waiter) {
    waiters[request.id] = waiter
    metrics.requestMade()
    guard !Task.isCancelled else { return fail(request.id, CancellationError()) }
    guard !link.isClosed else { return fail(request.id, Self.closedError) }
    switch operations.requested(request) {
    case .admitted:
      wake()
      sendWaiting()
    case .refused(let error):
      fail(request.id, error)
    }
  }

  private static var closedError: EventStoreError { EventStoreError(.clientClosed, "the client is closed") }
}

// MARK: - The link

extension EventStoreConnection {
  private func wake() {
    startTicking()
    perform(link.needed())
  }

  private func perform(_ action: LinkStateMachine.Action) {
    switch action {
    case .none:
      break
    case .resolve(let failed):
      resolving = Task { [weak self, resolver] in
        let outcome: Result<Endpoint, EventStoreError>
        do {
          outcome = .success(try await resolver.resolve(avoiding: failed))
        } catch let error as EventStoreError {
          outcome = .failure(error)
        } catch {
          outcome = .failure(EventStoreError(.discoveryFailed, "no node could be found", cause: "\(error)"))
        }
        await self?.resolved(outcome)
      }
    case .connect(let endpoint):
      open(endpoint)
    case .pause(let duration):
      pause = eventLoop.scheduleTask(in: TimeAmount(duration)) { [weak self] in
        self?.assumeIsolated { $0.pauseEnded() }
      }
    case .leave:
      operations.leaving()
      leaveIfDrained()
    case .giveUp(let error):
      logger.warning("giving up the connection: \(error)")
      stopTicking()
      failEverything(error)
    }
  }

  private func resolved(_ outcome: Result<Endpoint, EventStoreError>) {
    switch outcome {
    case .success(let endpoint):
      perform(link.resolved(endpoint))
    case .failure(let error):
      logger.info("no node to connect to: \(error)")
      perform(link.attemptFailed(error, random: random))
    }
  }

  private func pauseEnded() {
    pause = nil
    perform(link.pauseEnded())
  }

  private func open(_ endpoint: Endpoint) {
    connection += 1
    let connection = connection
    self.endpoint = endpoint
    handshake = ConnectionStateMachine(endpoint: endpoint, configuration: configuration)
    logger.debug("connecting to \(endpoint)")
    opener.open(endpoint, connection: connection, on: eventLoop, receiver: self).whenComplete { outcome in
      self.assumeIsolated { $0.opened(outcome, endpoint, connection) }
    }
  }

  private func opened(_ outcome: Result<any Channel, any Error>, _ endpoint: Endpoint, _ connection: UInt64) {
    switch outcome {
    case .success(let channel):
      guard connection == self.connection, !link.isClosed, channel.isActive else {
        return channel.close(promise: nil)
      }
      self.channel = channel
      guard let action = handshake?.connected(now: now, id: EventID()) else { return }
      perform(action)
    case .failure(let error):
      let cause = ConnectFailure.describe(error, endpoint: endpoint, isSecured: configuration.security != nil)
      ended(cause: cause, connection: connection)
    }
  }

  private func leaveIfDrained() {
    guard operations.isDrained else { return }
    channel?.close(promise: nil)
  }

  private func ended(cause: EventStoreError?, connection: UInt64) {
    guard connection == self.connection, let end = handshake?.closed(cause: cause) else { return }
    channel = nil
    handshake = nil
    for waiter in closeWaiters { waiter.resume() }
    closeWaiters.removeAll()
    switch end {
    case .known:
      break
    case .neverReady(let error):
      logger.info("no connection: \(error)")
      perform(link.attemptFailed(error, random: random))
    case .lost(let error):
      if !link.isClosed { logger.info("the connection ended: \(error)") }
      for failure in operations.connectionLost(error, random: random) { fail(failure.id, failure.error) }
      renewSubscriptions()
      perform(link.lost(error, random: random))
    }
  }

  private func renewSubscriptions() {
    for (id, subscription) in subscriptions where waiters[id] == nil {
      subscription.inbox.connectionLost()
      submit(subscription.request, .subscription)
    }
  }

  private func failEverything(_ error: EventStoreError) {
    for id in operations.gaveUp() { fail(id, error) }
    metrics.waiting(0)
    for waiter in readinessWaiters { waiter.resume(throwing: error) }
    readinessWaiters.removeAll()
    for id in Array(subscriptions.keys) { end(id, error) }
  }
}

// MARK: - The connection

extension EventStoreConnection {
  private func perform(_ action: ConnectionStateMachine.Action) {
    switch action {
    case .none, .passOn:
      break
    case .identify(let id):
      send(IdentifyClient(connectionName: configuration.connectionName), id: id, credentials: nil)
    case .authenticate(let id):
      send(Authenticate(), id: id, credentials: configuration.credentials)
    case .becomeReady:
      logger.info("connected to \(endpoint?.description ?? "the server")")
      if wasReady { metrics.reconnected() }
      wasReady = true
      link.connected()
      operations.connected()
      for waiter in readinessWaiters { waiter.resume() }
      readinessWaiters.removeAll()
      sendWaiting()
    case .fail(let error):
      let dying = channel
      ended(cause: error, connection: connection)
      dying?.close(promise: nil)
    }
  }

  private func handle(_ frame: Frame) {
    guard
      let action = handshake?.frameArrived(
        frame.command, id: frame.correlationID, words: String(buffer: frame.payload), now: now, nextID: EventID(),
        random: random)
    else { return }
    guard case .passOn = action else { return perform(action) }
    switch frame.command {
    case .streamEventAppeared, .persistentSubscriptionStreamEventAppeared:
      subscriptions[frame.correlationID]?.inbox.eventArrived(frame.payload)
    case .subscriptionConfirmation, .persistentSubscriptionConfirmation:
      confirmed(frame)
    case .subscriptionDropped:
      dropped(frame)
    case .notHandled:
      notHandled(frame)
    case .badRequest where frame.correlationID == .zero:
      logger.warning("the server could not read a frame: \(String(buffer: frame.payload))")
    default:
      answered(frame)
    }
  }

  private func answered(_ frame: Frame) {
    let id = frame.correlationID
    guard operations.answered(id) else {
      return logger.debug("ignoring \(frame.command), which nobody waits for", metadata: ["correlation": "\(id)"])
    }
    link.answered()
    switch waiters.removeValue(forKey: id) {
    case .answer(let continuation):
      if frame.command == .badRequest || frame.command == .notAuthenticated { metrics.requestFailed() }
      continuation.resume(returning: frame)
    case .subscription:
      end(id, Self.refusal(of: frame))
    case nil:
      break
    }
  }

  /// Whoever asked must ask for less. What others asked is lost with the connection, and sent again.
  private func answerTooLarge(_ id: EventID, _ error: EventStoreError) {
    if operations.answered(id) {
      link.answered()
      fail(id, error)
    } else {
      end(id, error)
    }
  }

  private func confirmed(_ frame: Frame) {
    let id = frame.correlationID
    guard operations.answered(id), subscriptions[id] != nil else { return }
    waiters[id] = nil
    link.answered()
    do {
      try subscriptions[id]?.inbox.confirmed(frame)
      subscriptions[id]?.confirmation?.resume()
      subscriptions[id]?.confirmation = nil
    } catch {
      end(id, .protocolViolation("the confirmation of a subscription cannot be read", error))
    }
  }

  private func dropped(_ frame: Frame) {
    let id = frame.correlationID
    do {
      let reason = try SubscriptionDropped(frame).reason
      if subscriptionWaits(id, reason) { return }
      if operations.answered(id) { link.answered() }
      waiters[id] = nil
      guard let subscription = subscriptions[id] else { return }
      end(
        id,
        Self.dropped(
          reason, subscription.stream, group: subscription.group, user: configuration.credentials?.login))
    } catch {
      end(id, .protocolViolation("the end of a subscription cannot be read", error))
    }
  }

  /// Whether a subscription that is renewed is asked for again later: the server may not have noticed yet that the connection
  /// before was lost, and so count us twice.
  private func subscriptionWaits(_ id: EventID, _ reason: SubscriptionDropped.Reason) -> Bool {
    guard reason == .subscriberMaxCountReached, let subscription = subscriptions[id], subscription.confirmation == nil
    else { return false }
    switch operations.notHandled(id, .tooBusy, now: now, random: random) {
    case .later: return true
    case .failed, .unknown: return false
    }
  }

  private func notHandled(_ frame: Frame) {
    let id = frame.correlationID
    let reason: NotHandledReason
    do {
      reason = NotHandledReason(try NotHandled(frame), isSecured: configuration.security != nil)
    } catch {
      guard operations.answered(id) else { return }
      return fail(id, EventStoreError.protocolViolation("the server's reason to refuse cannot be read", error))
    }
    switch operations.notHandled(id, reason, now: now, random: random) {
    case .unknown:
      return
    case .failed(let error):
      fail(id, error)
    case .later:
      logger.debug("the node did not handle a request: \(reason)")
    }
    if case .notLeader(let leader) = reason {
      if let leader { logger.info("the node names \(leader) as the leader") }
      perform(link.redirected(to: leader))
    }
  }

  private func fail(_ id: EventID, _ error: any Error) {
    switch waiters.removeValue(forKey: id) {
    case .answer(let continuation):
      count(error)
      continuation.resume(throwing: error)
    case .subscription:
      end(id, error as? EventStoreError ?? EventStoreError(.clientClosed, "the subscription was cancelled"))
    case nil:
      break
    }
  }

  private func end(_ id: EventID, _ error: EventStoreError) {
    waiters[id] = nil
    guard let subscription = subscriptions.removeValue(forKey: id) else { return }
    count(error)
    subscription.inbox.ended(error)
    subscription.confirmation?.resume(throwing: error)
  }

  /// What the client itself ended is no error.
  private func count(_ error: any Error) {
    guard let error = error as? EventStoreError, error.code != .clientClosed else { return }
    metrics.requestFailed()
  }
}

// MARK: - Sending, and time

extension EventStoreConnection {
  private func sendWaiting() {
    guard let channel else { return }
    while let request = operations.nextToSend(now: now) {
      channel.write(request.bytes, promise: nil)
      scheduleFlush(channel)
    }
  }

  private func send(_ message: some WireMessage, id: EventID, credentials: Credentials?) {
    guard let channel else { return }
    do {
      var bytes = ByteBuffer()
      try FrameEncoder().encode(message, correlationID: id, credentials: credentials, into: &bytes)
      channel.write(bytes, promise: nil)
      scheduleFlush(channel)
    } catch {
      perform(.fail(.protocolViolation("\(message.command) could not be encoded", error)))
    }
  }

  /// One flush for everything that is written in this turn of the event loop.
  private func scheduleFlush(_ channel: any Channel) {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.execute {
      self.assumeIsolated { connection in
        connection.isFlushScheduled = false
        connection.channel?.flush()
        connection.metrics.waiting(connection.operations.inFlight)
      }
    }
  }

  private func startTicking() {
    guard ticker == nil else { return }
    let pace = TimeAmount.milliseconds(50)
    ticker = eventLoop.scheduleRepeatedTask(initialDelay: pace, delay: pace) { [weak self] task in
      guard let self else { return task.cancel() }
      self.assumeIsolated { $0.tick() }
    }
  }

  private func stopTicking() {
    ticker?.cancel()
    ticker = nil
  }

  private func tick() {
    if let action = handshake?.timePassed(now: now, nextID: EventID()) { perform(action) }
    for failure in operations.timePassed(now: now) { fail(failure.id, failure.error) }
    for (id, subscription) in subscriptions {
      if let due = subscription.inbox.acknowledgementDue() { tell(id, due) }
    }
    leaveIfDrained()
    sendWaiting()
    metrics.waiting(operations.inFlight)
  }
}

// MARK: - What the channel says

extension EventStoreConnection: FrameReceiver {
  nonisolated func secured(connection: UInt64) {
    assumeIsolated { owner in
      guard connection == owner.connection, let action = owner.handshake?.secured(now: owner.now, id: EventID()) else {
        return
      }
      owner.perform(action)
    }
  }

  nonisolated func framesArrived(_ frames: [Frame], connection: UInt64) {
    assumeIsolated { owner in
      for frame in frames where connection == owner.connection { owner.handle(frame) }
      owner.leaveIfDrained()
      owner.sendWaiting()
    }
  }

  nonisolated func frameRefused(_ id: EventID, _ error: EventStoreError, connection: UInt64) {
    assumeIsolated { owner in
      if connection == owner.connection { owner.answerTooLarge(id, error) }
    }
  }

  nonisolated func closed(cause: EventStoreError?, connection: UInt64) {
    assumeIsolated { $0.ended(cause: cause, connection: connection) }
  }
}
