import NIOCore
import NIOHTTP1

/// The pipeline of an HTTP connection: bounded heads (the parser's limit) and bodies, keep-alive, and an end to idling.
enum HTTPService {
  private static let idleTimeOut = TimeAmount.seconds(60)

  /// Sets the pipeline up; called on the channel's event loop.
  static func configure(
    _ channel: any Channel, subscriptions: SubscriptionsResponder, status: @escaping @Sendable () -> ClusterStatus?
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(IdleStateHandler(readTimeout: idleTimeOut))
    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
    try pipeline.addHandler(HTTPHandler(subscriptions: subscriptions, status: status))
  }
}
