import NIOCore

/// Counts the bytes of a channel; stands next to the network.
final class TrafficCounter: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let metrics: ConnectionMetrics

  init(_ metrics: ConnectionMetrics) {
    self.metrics = metrics
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    metrics.received(unwrapInboundIn(data).readableBytes)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    metrics.sent(unwrapOutboundIn(data).readableBytes)
    context.write(data, promise: promise)
  }
}
