import EventStoreCore
import EventStoreTCP
import NIOCore
import NIOHTTP1

/// Sends `GET /gossip?format=json` on a new connection, and gathers the answer.
final class GossipRequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// A cluster has some ten nodes of a kilobyte each.
  static let maximumBodyBytes = 1 << 20

  private let node: Endpoint
  private let answer: EventLoopPromise<[UInt8]>
  private var body: [UInt8] = []

  init(node: Endpoint, answer: EventLoopPromise<[UInt8]>) {
    self.node = node
    self.answer = answer
  }

  func channelActive(context: ChannelHandlerContext) {
    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/gossip?format=json")
    head.headers.add(name: "Host", value: node.description)
    head.headers.add(name: "Accept", value: "application/json")
    head.headers.add(name: "Connection", value: "close")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard head.status == .ok else {
        return fail(EventStoreError(.serverError, "\(node) answered \(head.status.code) to a request for gossip"))
      }
    case .body(let part):
      guard body.count + part.readableBytes <= Self.maximumBodyBytes else {
        return fail(EventStoreError(.protocolViolation, "the gossip of \(node) is larger than a cluster's"))
      }
      body += part.readableBytesView
    case .end:
      answer.succeed(body)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let known = error as? EventStoreError
    fail(known ?? EventStoreError(.connectionLost, "the request for gossip failed", cause: "\(error)"))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(EventStoreError(.connectionLost, "\(node) closed the connection before it gave its gossip"))
    context.fireChannelInactive()
  }

  /// Only the first outcome counts.
  private func fail(_ error: EventStoreError) {
    answer.fail(error)
  }
}
