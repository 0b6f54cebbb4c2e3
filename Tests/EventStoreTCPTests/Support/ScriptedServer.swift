import EventStoreCore
import EventStoreWire
import NIOCore
import NIOPosix
import TestSupport

/// A server that knows the handshake, and for the rest says what its script says.
///
/// What a real server does only now and then can be had here at once. The script runs on the event loop of the connection.
final class ScriptedServer: Sendable {
  /// What the script does about a frame.
  enum Reply {
    /// Send this frame.
    case send(Frame)
    /// Close the connection.
    case close

    /// Answer `request` with a message.
    static func answer(_ message: some WireMessage, to request: Frame) -> Reply {
      .send(message.frame(correlationID: request.correlationID))
    }
  }

  /// What came from clients, handshakes excluded, and on how many connections.
  struct Received {
    /// How many connections were opened.
    var connections = 0
    /// The frames, in order.
    var frames: [Frame] = []
  }

  typealias Script = @Sendable (Frame) -> [Reply]

  private let listener: any Channel
  private let received: Locked<Received>
  private let channels: Locked<[any Channel]>

  private init(_ listener: any Channel, _ received: Locked<Received>, _ channels: Locked<[any Channel]>) {
    self.listener = listener
    self.received = received
    self.channels = channels
  }

  /// Listens on a free port; `script` says what each frame is answered with.
  /// - Parameter identified: told each `IdentifyClient`.
  static func start(
    _ script: @escaping Script, identified: @escaping @Sendable (Frame) -> Void = { _ in }
  ) async throws -> ScriptedServer {
    let received = Locked(Received())
    let channels = Locked<[any Channel]>([])
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channels.withLock { $0.append(channel) }
        received.withLock { $0.connections += 1 }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            ByteToMessageHandler(FrameDecoder()), MessageToByteHandler(FrameEncoder()),
            ScriptHandler(script, received, identified))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return ScriptedServer(listener, received, channels)
  }

  var port: Int { listener.localAddress?.port ?? 0 }

  /// How many connections were opened.
  var connections: Int { received.withLock { $0.connections } }

  /// The frames that came with this command.
  func frames(_ command: Command) -> [Frame] {
    received.withLock { $0.frames.filter { $0.command == command } }
  }

  /// Sends a frame on every open connection.
  func send(_ frame: Frame) async throws {
    for channel in channels.withLock({ $0 }) where channel.isActive {
      try await channel.writeAndFlush(frame)
    }
  }

  /// Closes everything.
  func shutdown() async throws {
    try await listener.close()
    for channel in channels.withLock({ $0 }) {
      channel.close(promise: nil)
      try await channel.closeFuture.get()
    }
  }
}

/// Runs `body` with a scripted server, and closes it afterwards.
func withScriptedServer(
  _ script: @escaping ScriptedServer.Script, _ body: (ScriptedServer) async throws -> Void
) async throws {
  let server = try await ScriptedServer.start(script)
  try await doing {
    try await body(server)
  } finally: {
    try await server.shutdown()
  }
}

private final class ScriptHandler: ChannelInboundHandler {
  typealias InboundIn = Frame
  typealias OutboundOut = Frame

  private let script: ScriptedServer.Script
  private let received: Locked<ScriptedServer.Received>
  private let identified: @Sendable (Frame) -> Void

  init(
    _ script: @escaping ScriptedServer.Script, _ received: Locked<ScriptedServer.Received>,
    _ identified: @escaping @Sendable (Frame) -> Void
  ) {
    self.script = script
    self.received = received
    self.identified = identified
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.command {
    case .identifyClient:
      identified(frame)
      send(ClientIdentified().frame(correlationID: frame.correlationID), context)
    case .authenticate: send(Authenticated().frame(correlationID: frame.correlationID), context)
    default:
      received.withLock { $0.frames.append(frame) }
      for reply in script(frame) {
        switch reply {
        case .send(let frame): send(frame, context)
        case .close: context.close(promise: nil)
        }
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func send(_ frame: Frame, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }
}
