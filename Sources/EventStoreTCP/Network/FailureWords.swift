import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Says in the system's own words, and no more of them than needed, why a connection failed.
package enum FailureWords {
  /// The words for an error of the network library; other errors describe themselves.
  package static func describing(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError: describing(error)
    case let error as IOError: String(cString: strerror(error.errnoCode))
    default: "\(error)"
    }
  }

  private static func describing(_ error: NIOConnectionError) -> String {
    guard let failure = error.connectionErrors.first else { return "the host name \(error.host) is not known" }
    return describing(failure.error)
  }
}
