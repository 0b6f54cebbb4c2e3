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
          if let tls, let security = configuration.security {
            try Self.addTLS(tls, security, endpoint, to: channel.pipeline.syncOperations)
          }
          try channel.pipeline.syncOperations.addHandler(
            FrameHandler(
              connection: connection, endpoint: endpoint, configuration: configuration, receiver: receiver))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
  }

  private static func addTLS(
    _ context: NIOSSLContext, _ security: TransportSecurity, _ endpoint: Endpoint,
    to pipeline: ChannelPipeline.SynchronousOperations
  ) throws {
    let host = security.targetHost ?? endpoint.host
    let handler = try tlsHandler(context, host)
    try pipeline.addHandler(handler)
    guard security.verifiesCertificate else { return }
    try pipeline.addHandler(CertificateNameHandler(CertificateName(host), tls: handler, endpoint: endpoint))
  }

  /// An address cannot be a server name in TLS.
  private static func tlsHandler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
    do {
      return try NIOSSLClientHandler(context: context, serverHostname: host)
    } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
      return try NIOSSLClientHandler(context: context, serverHostname: nil)
    }
  }

  /// The library compares an address only with the one it is connected to; another one is left to `CertificateNameHandler`.
  private static func verification(_ security: TransportSecurity) -> CertificateVerification {
    guard security.verifiesCertificate else { return .none }
    if case .address? = security.targetHost.map(CertificateName.init) { return .noHostnameVerification }
    return .fullVerification
  }

  private static func context(_ security: TransportSecurity) throws(EventStoreError) -> NIOSSLContext {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateVerification = verification(security)
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
