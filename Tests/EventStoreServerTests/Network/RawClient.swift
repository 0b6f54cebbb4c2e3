import NIOCore
import NIOPosix
import NIOSSL

/// A client that knows no more than lengths: it sends any bytes, and cuts what comes into frames.
final class RawClient {
  /// What came from the server.
  enum Arrival: Equatable, Sendable {
    /// One frame, its length in front.
    case frame([UInt8])
    /// The server closed the connection; `rest` is what came after the last frame.
    case closed(rest: [UInt8])
  }

  private let channel: any Channel
  private var arrivals: AsyncStream<Arrival>.Iterator

  /// Connects, and with a context shakes hands.
  init(port: Int, tls: NIOSSLContext? = nil, host: String = "localhost") async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Arrival.self)
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: host))
          }
          try channel.pipeline.syncOperations.addHandler(FrameCutter(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    arrivals = stream.makeAsyncIterator()
  }

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  /// Waits for what comes next from the server.
  func next() async -> Arrival {
    await arrivals.next(isolation: #isolation) ?? .closed(rest: [])
  }

  /// Waits for the next frame; nil when the server closed instead.
  func nextFrame() async -> [UInt8]? {
    switch await next() {
    case .frame(let bytes): bytes
    case .closed: nil
    }
  }

  /// Leaves what comes from the server in the socket.
  func stopReading() async throws {
    try await channel.setOption(.autoRead, value: false).get()
  }

  /// Takes again what comes from the server.
  func startReading() async throws {
    try await channel.setOption(.autoRead, value: true).get()
  }

  /// Closes the connection from this side.
  func close() async throws {
    try await channel.close()
  }
}

private final class FrameCutter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let continuation: AsyncStream<RawClient.Arrival>.Continuation
  private var received = ByteBuffer()

  init(_ continuation: AsyncStream<RawClient.Arrival>.Continuation) {
    self.continuation = continuation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received.writeImmutableBuffer(unwrapInboundIn(data))
    while let length = received.getInteger(at: received.readerIndex, endianness: .little, as: UInt32.self),
      let frame = received.readBytes(length: 4 + Int(length))
    {
      continuation.yield(.frame(frame))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    continuation.yield(.closed(rest: Array(received.readableBytesView)))
    continuation.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
