import EventStoreCore
import EventStoreWire
import Logging
import NIOCore

/// Carries a client's frames to its `ServerSession` and the answers back, and keeps the heartbeat.
///
/// Requests wait while the client does not read its answers, and above a limit no more are read from it: a client that
/// only asks cannot fill the memory. Heartbeats wait for nothing.
final class SessionHandler: ChannelDuplexHandler {
  typealias InboundIn = Frame
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let liveFramesAtOnce = 500

  private let service: Service
  private var session: ServerSession
  private var heartbeat: HeartbeatStateMachine
  private var heartbeatTimer: Scheduled<Void>?
  private var requests = WaitingRequests()
  private var isReadHeld = false
  private var isClosing = false
  private var isSilent = false
  private var outgoing = OutgoingFrames()
  private var hasLiveEvents = false
  private var observation: EventLog.Observation?
  private var watcher: LogWatcher?
  private var context: ChannelHandlerContext?

  /// - Parameter address: where the client is.
  init(_ service: Service, address: String) {
    self.service = service
    session = ServerSession(
      log: service.log, users: service.users, groups: service.groups, address: address,
      knowsFilters: service.knowsFilters, availability: service.availability)
    heartbeat = HeartbeatStateMachine(interval: service.heartbeatInterval, timeOut: service.heartbeatTimeOut)
  }

  // MARK: - The connection's life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { perform(heartbeat.connected()) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end()
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    perform(heartbeat.connected())
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    isClosing = true
    heartbeat.disconnected()
    heartbeatTimer?.cancel()
    heartbeatTimer = nil
    requests.removeAll()
    if let observation { service.log.stopObserving(observation) }
    observation = nil
    watcher = nil
    session.closed()
  }

  // MARK: - Requests in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard !isClosing, !isSilent else { return }
    heartbeat.frameReceived()
    switch frame.command {
    case .heartbeatRequest: send(Frame(command: .heartbeatResponse, correlationID: frame.correlationID))
    case .heartbeatResponse: break
    default: requests.append(frame)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    work()
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    work()
    context.fireChannelWritabilityChanged()
  }

  func read(context: ChannelHandlerContext) {
    if requests.isFull {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isClosing else { return }
    if let error = error as? WireError {
      work()
      service.logger.debug("a client sent bytes that are no frames", metadata: ["error": "\(error)"])
      send(FramingRefusal(error, maximumFrameBytes: service.maximumFrameBytes).frame)
    } else {
      service.logger.debug("a connection failed", metadata: ["error": "\(error)"])
    }
    close()
  }

  // MARK: - Work

  /// Carries out what waits while the client reads its answers, then sends what there is in one go.
  private func work() {
    while !isClosing, isWritable, let request = requests.popFirst() { carryOut(request) }
    follow()
    sendLiveEvents()
    flush()
    if isReadHeld, requests.isEmpty {
      isReadHeld = false
      context?.read()
    }
  }

  private func carryOut(_ request: Frame) {
    switch service.faults.requestReceived(command: request.command.rawValue) {
    case nil, .changeNode: session.frameReceived(request).forEach(perform)
    case .cutBefore, .refuseConnection, .ignoreHTTP: close()
    case .halfOpen: fallSilent()
    case .cutAfter:
      _ = session.frameReceived(request)
      close()
    case .dropAnswer: _ = session.frameReceived(request)
    case .delayAnswer(let delay):
      let actions = session.frameReceived(request)
      schedule(in: delay) { handler in
        actions.forEach(handler.perform)
        handler.flush()
      }
    }
  }

  /// Takes what comes, and sends nothing more; the connection stays until the client has enough.
  private func fallSilent() {
    isSilent = true
    requests.removeAll()
    outgoing.removeAll()
    heartbeat.disconnected()
    heartbeatTimer?.cancel()
    heartbeatTimer = nil
  }

  private func perform(_ action: SessionAction) {
    switch action {
    case .send(let frame): send(frame)
    case .close: close()
    }
  }

  // MARK: - Live events

  /// Observes the log from the first subscription on; asks it at once, because it may have grown before.
  private func follow() {
    guard observation == nil, !isClosing, session.hasSubscriptions, let context else { return }
    let watcher = LogWatcher(eventLoop: context.eventLoop) { [weak self] in
      self?.hasLiveEvents = true
      self?.work()
    }
    observation = service.log.observe { watcher.logGrew() }
    session.observe { watcher.logGrew() }
    self.watcher = watcher
    hasLiveEvents = true
  }

  /// Sends some live events while the client reads them; the rest when the loop has seen to others.
  private func sendLiveEvents() {
    guard hasLiveEvents, !isClosing, isWritable else { return }
    let (frames, hasMore) = session.liveFrames(maximumCount: Self.liveFramesAtOnce)
    frames.forEach(send)
    hasLiveEvents = hasMore
    if hasMore { watcher?.logGrew() }
  }

  // MARK: - Heartbeat

  private func perform(_ action: HeartbeatStateMachine.Action) {
    switch action {
    case .none: break
    case .wait(let time): setHeartbeatTimer(time)
    case .askAndWait(let time):
      send(Frame(command: .heartbeatRequest, correlationID: EventID()))
      flush()
      setHeartbeatTimer(time)
    case .close:
      service.logger.info("a client gave no sign of life, and its connection was closed")
      close()
    }
  }

  private func setHeartbeatTimer(_ time: Duration) {
    heartbeatTimer = schedule(in: time) { $0.perform($0.heartbeat.timerFired()) }
  }

  // MARK: - Bytes out

  private var isWritable: Bool { context?.channel.isWritable ?? false }

  private func send(_ frame: Frame) {
    guard !isClosing, !isSilent else { return }
    do {
      try outgoing.append(frame)
    } catch {
      service.logger.error("an answer could not be sent", metadata: ["error": "\(error)"])
      return close()
    }
    if outgoing.isFull { writeOutgoing() }
  }

  private func writeOutgoing() {
    guard let bytes = outgoing.take() else { return }
    context?.write(wrapOutboundOut(bytes), promise: nil)
  }

  private func flush() {
    writeOutgoing()
    context?.flush()
  }

  /// Sends what there is and closes; nothing more is carried out.
  private func close() {
    guard let context, !isClosing else { return }
    flush()
    end()
    context.close(promise: nil)
  }

  @discardableResult
  private func schedule(in time: Duration, _ body: @escaping (SessionHandler) -> Void) -> Scheduled<Void>? {
    context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
      guard let self, !self.isClosing else { return }
      body(self)
    }
  }
}
