/// How a connection is made secure by TLS.
package struct TransportSecurity: Hashable, Sendable {
  /// Whether the server's certificate, and the name in it, are checked.
  package var verifiesCertificate: Bool
  /// The name that the certificate must have; nil for the host that is connected to.
  package var targetHost: String?
  /// A PEM file with the authorities to trust instead of the system's; nil for the system's.
  package var authorityFile: String?
  /// A PEM file with the certificate, and its chain, by which the server knows the client; nil for none.
  package var clientCertificateFile: String?
  /// A PEM file with that certificate's private key, without a passphrase.
  package var clientKeyFile: String?

  package init(
    verifiesCertificate: Bool = true, targetHost: String? = nil, authorityFile: String? = nil,
    clientCertificateFile: String? = nil, clientKeyFile: String? = nil
  ) {
    self.verifiesCertificate = verifiesCertificate
    self.targetHost = targetHost
    self.authorityFile = authorityFile
    self.clientCertificateFile = clientCertificateFile
    self.clientKeyFile = clientKeyFile
  }
}
