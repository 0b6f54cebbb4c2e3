import NIOSSL

/// The PEM files that make the TCP port take TLS.
package struct TLSFiles: Hashable, Sendable {
  /// The certificate, followed by its chain.
  package let certificatePath: String
  /// The certificate's private key, without a passphrase.
  package let keyPath: String
  /// The authorities whose clients are let in; nil asks no client for a certificate.
  package let clientAuthorityPath: String?

  package init(certificatePath: String, keyPath: String, clientAuthorityPath: String? = nil) {
    self.certificatePath = certificatePath
    self.keyPath = keyPath
    self.clientAuthorityPath = clientAuthorityPath
  }

  /// What the handshakes need.
  /// - Throws: `ServerError` `tlsInvalid`.
  func makeContext() throws(ServerError) -> NIOSSLContext {
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
      let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      if let clientAuthorityPath {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(clientAuthorityPath))
        configuration.certificateVerification = .noHostnameVerification
      }
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw ServerError(
        .tlsInvalid, "the certificate \(certificatePath) and the key \(keyPath) cannot be used",
        hint: "give two PEM files, the key without a passphrase", cause: "\(error)")
    }
  }
}
