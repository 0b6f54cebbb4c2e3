import NIOCore
import NIOPosix

/// A client that sends any text and cuts what comes into HTTP answers by their Content-Length.
final class RawHTTPClient {
  /// An HTTP answer.
  struct Answer: Equatable, Sendable {
    /// The status line and the header lines.
    var head: String
    var body: String
  }

  private let channel: any Channel
  private var chunks: AsyncStream<ByteBuffer>.Iterator
  private var received: [UInt8] = []

  init(port: Int) async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ChunkReceiver(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    chunks = stream.makeAsyncIterator()
  }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Waits for the next answer; nil when the server closed instead.
  /// - Parameter hasBody: false after HEAD.
  func nextAnswer(hasBody: Bool = true) async -> Answer? {
    while true {
      if let answer = takeAnswer(hasBody: hasBody) { return answer }
      guard let chunk = await chunks.next(isolation: #isolation) else { return nil }
      received += chunk.readableBytesView
    }
  }

  func close() async throws {
    try await channel.close()
  }

  private func takeAnswer(hasBody: Bool) -> Answer? {
    guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
    let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.drop { $0 != " " }.dropFirst()) }
    let bodyEnd = end.upperBound + (hasBody ? length ?? 0 : 0)
    guard received.count >= bodyEnd else { return nil }
    let body = String(decoding: received[end.upperBound..<bodyEnd], as: UTF8.self)
    received.removeFirst(bodyEnd)
    return Answer(head: head, body: body)
  }
}

private final class ChunkReceiver: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let continuation: AsyncStream<ByteBuffer>.Continuation

  init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
    self.continuation = continuation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(unwrapInboundIn(data))
  }

  func channelInactive(context: ChannelHandlerContext) {
    continuation.finish()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
