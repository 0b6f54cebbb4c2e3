package import EventStoreCore
package import NIOCore
import NIOSSL

/// The client's side of TLS: whom it trusts, and which name it wants to see.
package struct TLSClient: Sendable {
  private let context: NIOSSLContext
  private let security: TransportSecurity

  /// - Throws: `tlsFailed` when a file with authorities, a certificate or a key cannot be used.
  package init(_ security: TransportSecurity) throws(EventStoreError) {
    self.security = security
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = Self.verification(security)
    try Self.identify(security, in: &configuration)
    do {
      if let file = security.authorityFile {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
      }
      context = try NIOSSLContext(configuration: configuration)
    } catch {
      throw EventStoreError(
        .tlsFailed, "the authorities in \(security.authorityFile ?? "the system") cannot be used",
        hint: "give a readable PEM file with at least one certificate", cause: "\(error)")
    }
  }

  /// Takes the certificate by which the server knows the client.
  private static func identify(
    _ security: TransportSecurity, in configuration: inout TLSConfiguration
  ) throws(EventStoreError) {
    guard let certificateFile = security.clientCertificateFile, let keyFile = security.clientKeyFile else { return }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificateFile)
      let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
      configuration.certificateChain = chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(key)
      // Whether the two belong together is only looked at here.
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw EventStoreError(
        .tlsFailed, "the client's certificate \(certificateFile) and its key \(keyFile) cannot be used",
        hint: "give two readable PEM files that belong together, the key without a passphrase", cause: "\(error)")
    }
  }

  /// Adds the handlers that talk TLS with `endpoint`; what is behind them hears nothing from anybody else.
  package func addHandlers(for endpoint: Endpoint, to pipeline: ChannelPipeline.SynchronousOperations) throws {
    let host = security.targetHost ?? endpoint.host
    let handler = try handler(for: host)
    try pipeline.addHandler(handler)
    guard security.verifiesCertificate else { return }
    try pipeline.addHandler(CertificateNameHandler(CertificateName(host), tls: handler, endpoint: endpoint))
  }

  /// An address cannot be a server name in TLS.
  private func handler(for host: String) throws -> NIOSSLClientHandler {
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
}
