import EventStoreCore
import EventStoreTCP
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Asks for gossip by HTTP: one connection, one request, one answer.
struct HTTPGossipClient: GossipClient {
  /// The longest wait for everything: name, connection, TLS, answer.
  let timeout: Duration
  /// TLS; nil asks in the clear.
  let security: TransportSecurity?
  var eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  func members(knownBy node: Endpoint) async throws -> [GossipMember] {
    let tls = try security.map { try TLSClientFactory(security: $0) }
    let answer = eventLoopGroup.next().makePromise(of: [UInt8].self)
    let bootstrap = ClientBootstrap(group: answer.futureResult.eventLoop)
      .connectTimeout(timeAmount)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler(for: node)) }
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

/// Makes the TLS side of a connection for gossip.
private struct TLSClientFactory: Sendable {
  private let context: NIOSSLContext
  private let targetHost: String?

  /// - Throws: `tlsFailed` when the authorities cannot be read.
  init(security: TransportSecurity) throws(EventStoreError) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if !security.verifiesCertificate { configuration.certificateVerification = .none }
    do {
      if let file = security.authorityFile {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
      }
      context = try NIOSSLContext(configuration: configuration)
    } catch {
      throw EventStoreError(.tlsFailed, "the authorities for TLS cannot be used", cause: "\(error)")
    }
    targetHost = security.targetHost
  }

  /// An address cannot be a server name in TLS; the certificate is then checked against the address itself.
  func handler(for node: Endpoint) throws -> NIOSSLClientHandler {
    do {
      return try NIOSSLClientHandler(context: context, serverHostname: targetHost ?? node.host)
    } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
      return try NIOSSLClientHandler(context: context, serverHostname: nil)
    }
  }
}
