import ArgumentParser

/// How to be let in at a server.
struct AccessOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file with the password on its first line, - for standard input; wins over EVENTVAULT_PASSWORD.",
      valueName: "file"))
  var passwordFile: String?

  @Flag(help: "Talk TLS, also when the connection string does not say so.")
  var tls = false

  @Option(help: ArgumentHelp("Trust these authorities (PEM) instead of the system's; implies TLS.", valueName: "file"))
  var tlsCaFile: String?

  @Option(
    help: ArgumentHelp("Look for this name in the certificate instead of the host; implies TLS.", valueName: "name"))
  var tlsHost: String?

  @Option(
    help: ArgumentHelp(
      "Show this certificate (PEM) to a server that asks for one; with --tls-key-file; implies TLS.", valueName: "file")
  )
  var tlsCertFile: String?

  @Option(help: ArgumentHelp("The private key (PEM) of that certificate, without a passphrase.", valueName: "file"))
  var tlsKeyFile: String?

  @Flag(help: "Talk TLS without checking the certificate: anybody can listen in; implies TLS.")
  var tlsInsecure = false

  @Flag(name: .shortAndLong, help: "Show on standard error what happens to the connection.")
  var verbose = false

  /// Whether one of them wants TLS.
  var wantsTLS: Bool {
    tls || tlsInsecure || tlsCaFile != nil || tlsHost != nil || tlsCertFile != nil
  }

  func validate() throws {
    if (tlsCertFile == nil) != (tlsKeyFile == nil) {
      throw ValidationError("'--tls-cert-file' and '--tls-key-file' belong together.")
    }
    if tlsInsecure, tlsCaFile != nil || tlsHost != nil {
      throw ValidationError("'--tls-insecure' checks nothing, so '--tls-ca-file' and '--tls-host' have no meaning.")
    }
  }
}
