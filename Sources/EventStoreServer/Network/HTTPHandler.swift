import NIOCore
import NIOHTTP1

/// Carries HTTP requests to the responders and their answers back; the parser bounds heads, this bounds bodies.
final class HTTPHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let maximumBodyBytes = 64 * 1024

  private let subscriptions: SubscriptionsResponder
  private let status: @Sendable () -> ClusterStatus?
  private var head: HTTPRequestHead?
  private var bodyBytes = 0

  /// - Parameter status: what the node tells, asked once for each request; nil lets the request go unanswered.
  init(subscriptions: SubscriptionsResponder, status: @escaping @Sendable () -> ClusterStatus?) {
    self.subscriptions = subscriptions
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
      write(.text(413, "the request is too large"), to: head, keepAlive: false, context: context)
    case .end:
      guard let head else { return }
      self.head = nil
      guard let status = status() else { return }
      write(answer(head, status), to: head, keepAlive: head.isKeepAlive, context: context)
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

  private func answer(_ head: HTTPRequestHead, _ status: ClusterStatus) -> HTTPAnswer {
    let request = HTTPRequest(
      method: head.method.rawValue, target: head.uri, authorization: head.headers.first(name: "Authorization"))
    if request.path.first == "subscriptions" { return subscriptions.answer(request, node: status.node) }
    return HTTPResponder.answer(request, status: status)
  }

  private func write(
    _ answer: HTTPAnswer, to request: HTTPRequestHead, keepAlive: Bool, context: ChannelHandlerContext
  ) {
    let body = ByteBuffer(string: answer.body)
    var headers = HTTPHeaders([
      ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"),
      ("Connection", keepAlive ? "keep-alive" : "close"), ("Cache-Control", "max-age=0, no-cache, must-revalidate"),
    ])
    if let header = answer.header { headers.add(name: header.name, value: header.value) }
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
