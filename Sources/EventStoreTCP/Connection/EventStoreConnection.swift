import EventStoreCore
import EventStoreWire
import Logging
import NIOCore

/// Carries out what the machines decide: one lasting connection, over one channel at a time.
///
/// Runs on the event loop of its channels, so that frames reach it without a hop and in order.
actor EventStoreConnection {
  enum Waiter {
    case answer(CheckedContinuation<Frame, any Error>)
    case subscription
  }

  nonisolated let unownedExecutor: UnownedSerialExecutor
  nonisolated let executor: any SerialExecutor
  nonisolated let eventLoop: any EventLoop
  nonisolated let configuration: TCPConfiguration
  nonisolated let logger: Logger
  nonisolated let metrics: ConnectionMetrics
  let resolver: any EndpointResolver
  let opener: ChannelOpener

  var link: LinkStateMachine
  var operations: OperationsStateMachine
  var handshake: ConnectionStateMachine?
  var endpoint: Endpoint?
  var connection: UInt64 = 0
  var channel: (any Channel)?
  var waiters: [EventID: Waiter] = [:]
  var subscriptions: [EventID: Subscription] = [:]
  var readinessWaiters: [CheckedContinuation<Void, any Error>] = []
  var closeWaiters: [CheckedContinuation<Void, Never>] = []
  var ticker: RepeatedTask?
  var pause: Scheduled<Void>?
  var resolving: Task<Void, Never>?
  var isFlushScheduled = false
  var wasReady = false
  /// Whether the log says that the connection was lost, and not yet that there is one again.
  var hasToldLoss = false

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

  var now: NIODeadline { eventLoop.now }
  var random: Double { .random(in: 0...1) }
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

  func cancel(_ id: EventID) {
    guard operations.cancelled(id) else { return }
    fail(id, CancellationError())
    leaveIfDrained()
    sendWaiting()
  }

  /// - Parameter pause: how long the request waits before it may be sent.
  func submit(_ request: Request, _ waiter: Waiter, after pause: Duration = .zero) {
    waiters[request.id] = waiter
    metrics.requestMade()
    guard !Task.isCancelled else { return fail(request.id, CancellationError()) }
    guard !link.isClosed else { return fail(request.id, Self.closedError) }
    switch operations.requested(request, notBefore: pause > .zero ? now + TimeAmount(pause) : nil) {
    case .admitted:
      wake()
      sendWaiting()
    case .refused(let error):
      fail(request.id, error)
    }
  }

  static var closedError: EventStoreError { EventStoreError(.clientClosed, "the client is closed") }
}

// MARK: - Failing

extension EventStoreConnection {
  func fail(_ id: EventID, _ error: any Error) {
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

  func failEverything(_ error: EventStoreError) {
    for id in operations.gaveUp() { fail(id, error) }
    metrics.waiting(0)
    for waiter in readinessWaiters { waiter.resume(throwing: error) }
    readinessWaiters.removeAll()
    for id in Array(subscriptions.keys) { end(id, error) }
  }

  /// What the client itself ended is no error.
  func count(_ error: any Error) {
    guard let error = error as? EventStoreError, error.code != .clientClosed else { return }
    metrics.requestFailed()
  }
}
