import NIOSSL

/// Says in words why a TLS handshake failed.
///
/// The library beneath gives only a text like `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at …`;
/// what matters in it is the reason in capitals.
enum TLSFailureWords {
  /// The words for an error of a TLS handshake; without the library's file names and numbers.
  static func describing(_ error: any Error) -> String {
    guard let reason = reason(in: "\(error)") else { return "the TLS handshake failed" }
    return switch reason {
    case "CERTIFICATE_VERIFY_FAILED":
      "no trusted authority has signed its certificate, or the certificate is not valid today"
    case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_MESSAGE", "UNEXPECTED_RECORD":
      "it does not answer in TLS"
    case "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
      "TLSV1_ALERT_CERTIFICATE_REQUIRED", "TLSV1_CERTIFICATE_REQUIRED", "SSLV3_ALERT_HANDSHAKE_FAILURE":
      "it refused the client's certificate or asks for one"
    default: reason.lowercased().split(separator: "_").joined(separator: " ")
    }
  }

  /// The reason in capitals; nil when the text has none.
  private static func reason(in text: String) -> String? {
    guard let marker = text.firstRange(of: "OPENSSL_internal:") else { return nil }
    let reason = text[marker.upperBound...].prefix { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
    return reason.isEmpty ? nil : String(reason)
  }
}
