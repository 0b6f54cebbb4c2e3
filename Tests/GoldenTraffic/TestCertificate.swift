import Foundation

/// A self-signed certificate for `localhost` and 127.0.0.1, valid from 2020 to 2120, and its key: for tests of TLS only.
package enum TestCertificate {
  /// The path of the certificate, a PEM file; it is its own authority.
  package static var certificatePath: String {
    get throws { try path(of: "localhost.pem") }
  }

  /// The path of the private key, a PEM file without a passphrase.
  package static var keyPath: String {
    get throws { try path(of: "localhost-key.pem") }
  }

  private static func path(of file: String) throws -> String {
    guard let url = Bundle.module.url(forResource: "Certificates/\(file)", withExtension: nil) else {
      throw RecordingError("no certificate is called \(file)")
    }
    return url.path
  }
}
