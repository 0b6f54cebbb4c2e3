import NIOCore
import NIOHTTP1

/// Carries HTTP requests to `HTTPResponder` and its answers back; the parser bounds heads, this bounds bodies.
final class HTTPHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let maximumBodyBytes = 64 * 1024

  private let status: @Sendable () -> ClusterStatus?
  private var head: HTTPRequestHead?
  private var bodyBytes = 0

  /// - Parameter status: what the node tells, asked once for each request; nil lets the request go unanswered.
  init(status: @escaping @Sendable () -> ClusterStatus?) {
    self.status = status
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      bodyBytes = 0
    case .body(let part):
      bodyBytes += part.readableBytes
      guard bodyBytes > Self.maximumBodyBytes, let head else { return }
      self.head = nil
      let answer = HTTPResponder.Answer(
        status: 413, contentType: "text/plain; charset=utf-8", body: "the request is too large\n")
      write(answer, to: head, keepAlive: false, context: context)
    case .end:
      guard let head else { return }
      self.head = nil
      guard let status = status() else { return }
      let answer = HTTPResponder.answer(method: head.method.rawValue, target: head.uri, status: status)
      write(answer, to: head, keepAlive: head.isKeepAlive, context: context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The pipeline has answered a broken request with 400 already; for anything else the connection is of no more use.
    context.close(promise: nil)
  }

  private func write(
    _ answer: HTTPResponder.Answer, to request: HTTPRequestHead, keepAlive: Bool, context: ChannelHandlerContext
  ) {
    let body = ByteBuffer(string: answer.body)
    var headers = HTTPHeaders([
      ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"),
      ("Connection", keepAlive ? "keep-alive" : "close"), ("Cache-Control", "max-age=0, no-cache, must-revalidate"),
    ])
    if answer.status == 405 { headers.add(name: "Allow", value: "GET, HEAD") }
    let head = HTTPResponseHead(
      version: request.version, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    let channel = context.channel
    let ended = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    // Only this side: a full close while the client still sends would take the answer from it.
    if !keepAlive { ended.whenComplete { _ in channel.close(mode: .output, promise: nil) } }
  }
}
