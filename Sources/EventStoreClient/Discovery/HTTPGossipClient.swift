import EventStoreCore
import EventStoreTCP
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks for gossip by HTTP: one connection, one request, one answer.
struct HTTPGossipClient: GossipClient {
  /// The longest wait for everything: name, connection, TLS, answer.
  let timeout: Duration
  /// TLS; nil asks in the clear.
  let security: TransportSecurity?
  var eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  func members(knownBy node: Endpoint) async throws -> [GossipMember] {
    let tls = try security.map { try TLSClient($0) }
    let answer = eventLoopGroup.next().makePromise(of: [UInt8].self)
    let bootstrap = ClientBootstrap(group: answer.futureResult.eventLoop)
      .connectTimeout(timeAmount)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try tls?.addHandlers(for: node, to: channel.pipeline.syncOperations)
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(GossipRequestHandler(node: node, answer: answer))
        }
      }
    let deadline = answer.futureResult.eventLoop.scheduleTask(in: timeAmount) {
      answer.fail(EventStoreError(.timedOut, "\(node) gave no gossip within \(timeout)"))
    }
    let channel: any Channel
    do {
      channel = try await bootstrap.connect(host: node.host, port: node.port).get()
    } catch {
      deadline.cancel()
      let failure = EventStoreError(.unreachable, "\(node) cannot be reached", cause: FailureWords.describing(error))
      answer.fail(failure)
      throw failure
    }
    let body: [UInt8]
    do {
      body = try await withTaskCancellationHandler {
        try await answer.futureResult.get()
      } onCancel: {
        answer.fail(CancellationError())
      }
    } catch {
      deadline.cancel()
      channel.close(promise: nil)
      throw error
    }
    deadline.cancel()
    channel.close(promise: nil)
    return try GossipDocument.members(in: body)
  }

  private var timeAmount: TimeAmount {
    let (seconds, attoseconds) = timeout.components
    return .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
  }
}
