import EventStoreCore
import EventStoreWire
import NIOCore
import NIOTLS

/// What a connection's owner is told, on the event loop.
protocol FrameReceiver: AnyObject, Sendable {
  /// TLS stands.
  func secured(connection: UInt64)
  /// Frames came, heartbeats excluded; together, because they came together.
  func framesArrived(_ frames: [Frame], connection: UInt64)
  /// The frame with this correlation id breaks the limit; the connection ends because of it.
  func frameRefused(_ id: EventID, _ error: EventStoreError, connection: UInt64)
  /// Nothing more comes.
  func closed(cause: EventStoreError?, connection: UInt64)
}

/// Cuts bytes into frames, answers heartbeats at once, asks for them, and hands the rest over in batches.
///
/// A heartbeat never waits behind events: it is answered here, before anybody looks at the frames beside it.
final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let connection: UInt64
  private let receiver: any FrameReceiver
  private let endpoint: Endpoint
  private let isSecured: Bool
  private let heartbeatInterval: Duration
  private let heartbeatTimeout: Duration
  private let processor: NIOSingleStepByteToMessageProcessor<FrameDecoder>
  private var heartbeat: HeartbeatStateMachine
  private var timer: RepeatedTask?
  private var frames: [Frame] = []
  private var understandsServer = false
  /// How many bytes waited to be sent when somebody looked last.
  private var unsentBytes = 0
  private var cause: EventStoreError?

  /// - Parameter connection: tells this connection from those before and after it.
  init(
    connection: UInt64, endpoint: Endpoint, configuration: TCPConfiguration, receiver: any FrameReceiver
  ) {
    self.connection = connection
    self.receiver = receiver
    self.endpoint = endpoint
    isSecured = configuration.security != nil
    heartbeatInterval = configuration.heartbeatInterval
    heartbeatTimeout = configuration.heartbeatTimeout
    processor = NIOSingleStepByteToMessageProcessor(
      FrameDecoder(maximumFrameBytes: configuration.maximumFrameBytes, namesRefusedFrames: true))
    heartbeat = HeartbeatStateMachine(interval: heartbeatInterval, timeout: heartbeatTimeout, now: .distantPast)
  }

  func channelActive(context: ChannelHandlerContext) {
    startHeartbeats(context)
    context.fireChannelActive()
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { startHeartbeats(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    heartbeat.bytesMoved(now: context.eventLoop.now)
    guard cause == nil else { return }
    do {
      try processor.process(buffer: unwrapInboundIn(data)) { frame in frameDecoded(frame, context) }
    } catch {
      let failure = decodingFailure(error)
      if failure.code == .frameTooLarge, let id = (error as? WireError)?.correlationID {
        deliver()
        receiver.frameRefused(id, failure, connection: connection)
      }
      fail(failure, context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    deliver()
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { receiver.secured(connection: connection) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(ConnectFailure.describe(error, endpoint: endpoint, isSecured: isSecured), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deliver()
    timer?.cancel()
    timer = nil
    receiver.closed(cause: cause, connection: connection)
    context.fireChannelInactive()
  }

  private func frameDecoded(_ frame: Frame, _ context: ChannelHandlerContext) {
    understandsServer = true
    switch frame.command {
    case .heartbeatRequest:
      send(HeartbeatResponse(), id: frame.correlationID, context)
    case .heartbeatResponse:
      break
    default:
      frames.append(frame)
    }
  }

  private func deliver() {
    guard !frames.isEmpty else { return }
    let batch = frames
    frames.removeAll(keepingCapacity: true)
    receiver.framesArrived(batch, connection: connection)
  }

  private func startHeartbeats(_ context: ChannelHandlerContext) {
    guard timer == nil else { return }
    heartbeat = HeartbeatStateMachine(
      interval: heartbeatInterval, timeout: heartbeatTimeout, now: context.eventLoop.now)
    let pace = max(TimeAmount.milliseconds(1), TimeAmount(min(heartbeatInterval, heartbeatTimeout) / 4))
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleRepeatedTask(initialDelay: pace, delay: pace) { _ in
      let (handler, context) = bound.value
      handler.timePassed(context)
    }
  }

  private func timePassed(_ context: ChannelHandlerContext) {
    noticeBytesLeaving(context)
    switch heartbeat.timePassed(now: context.eventLoop.now) {
    case .wait:
      break
    case .ask:
      send(HeartbeatRequest(), id: EventID(), context)
    case .giveUp:
      fail(
        EventStoreError(
          .connectionLost, "\(endpoint) gave no sign of life for \(TimeAmount(heartbeatTimeout).inWords)"), context)
    }
  }

  /// Bytes that leave are life too: an answer can only come after what was sent before it has arrived.
  ///
  /// To a peer that is gone they leave until the system's own buffer is full, and then no more.
  private func noticeBytesLeaving(_ context: ChannelHandlerContext) {
    guard let options = context.channel.syncOptions, let left = try? options.getOption(.bufferedWritableBytes) else {
      return
    }
    if left < unsentBytes { heartbeat.bytesMoved(now: context.eventLoop.now) }
    unsentBytes = left
  }

  private func send(_ message: some WireMessage, id: EventID, _ context: ChannelHandlerContext) {
    do {
      var bytes = context.channel.allocator.buffer(capacity: 4 + Frame.minimumBytes)
      try FrameEncoder().encode(message, correlationID: id, into: &bytes)
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    } catch {
      fail(.protocolViolation("a heartbeat could not be encoded", error), context)
    }
  }

  /// The first cause is the one to tell; what follows from it says less.
  private func fail(_ error: EventStoreError, _ context: ChannelHandlerContext) {
    if cause == nil { cause = error }
    context.close(promise: nil)
  }

  private func decodingFailure(_ error: any Error) -> EventStoreError {
    guard understandsServer else {
      return EventStoreError(
        .unreachable, "\(endpoint) does not speak the event store's TCP protocol",
        hint: "is this the TCP port (1113 by default), and does it want TLS?", cause: "\(error)")
    }
    if let error = error as? WireError, error.code == .frameTooLarge {
      return EventStoreError(.frameTooLarge, error.message)
    }
    return EventStoreError(.protocolViolation, "\(endpoint) sent bytes that are no frame", cause: "\(error)")
  }
}
