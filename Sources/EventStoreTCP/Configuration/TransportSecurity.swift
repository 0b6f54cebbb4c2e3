/// How a connection is made secure by TLS.
package struct TransportSecurity: Hashable, Sendable {
  /// Whether the server's certificate, and the name in it, are checked.
  package var verifiesCertificate: Bool
  /// The name that the certificate must have; nil for the host that is connected to.
  package var targetHost: String?
  /// A PEM file with the authorities to trust instead of the system's; nil for the system's.
  package var authorityFile: String?

  package init(verifiesCertificate: Bool = true, targetHost: String? = nil, authorityFile: String? = nil) {
    self.verifiesCertificate = verifiesCertificate
    self.targetHost = targetHost
    self.authorityFile = authorityFile
  }
}
