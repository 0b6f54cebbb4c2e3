import EventStoreCore
import NIOCore
import NIOPosix
import NIOSSL

/// Opens TCP connections, with TLS where it is wanted.
struct ChannelOpener: Sendable {
  private let configuration: TCPConfiguration
  private let tls: NIOSSLContext?

  /// - Throws: `tlsFailed` when the file with the authorities cannot be used.
  init(configuration: TCPConfiguration) throws(EventStoreError) {
    self.configuration = configuration
    tls = try configuration.security.map(Self.context)
  }

  /// Connects to `endpoint`; the channel's handlers run on `eventLoop`.
  func open(
    _ endpoint: Endpoint, connection: UInt64, on eventLoop: any EventLoop, receiver: any FrameReceiver
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(configuration.connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20)
      )
      .channelInitializer { [configuration, tls] channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(
              Self.tlsHandler(tls, configuration.security?.targetHost ?? endpoint.host))
          }
          try channel.pipeline.syncOperations.addHandler(
            FrameHandler(
              connection: connection, endpoint: endpoint, configuration: configuration, receiver: receiver))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
  }

  /// An address cannot be a server name in TLS; the certificate is then checked against the address itself.
  private static func tlsHandler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
    do {
      return try NIOSSLClientHandler(context: context, serverHostname: host)
    } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
      return try NIOSSLClientHandler(context: context, serverHostname: nil)
    }
  }

  private static func context(_ security: TransportSecurity) throws(EventStoreError) -> NIOSSLContext {
    var tls = TLSConfiguration.makeClientConfiguration()
    if !security.verifiesCertificate { tls.certificateVerification = .none }
    do {
      if let file = security.authorityFile {
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
      }
      return try NIOSSLContext(configuration: tls)
    } catch {
      throw EventStoreError(
        .tlsFailed, "the authorities in \(security.authorityFile ?? "the system") cannot be used",
        hint: "give a readable PEM file with at least one certificate", cause: "\(error)")
    }
  }
}
