import EventStoreCore
import NIOCore
import NIOPosix
import NIOSSL

/// Says in the project's own words why a connection could not be made or ended.
enum ConnectFailure {
  /// The error for people, with what can be done about it.
  static func describe(_ error: any Error, endpoint: Endpoint, isSecured: Bool) -> EventStoreError {
    switch error {
    case let error as EventStoreError:
      return error
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return EventStoreError(
        .tlsFailed, "the certificate of \(endpoint) is for another host",
        hint: "name the host that is in the certificate as the target host")
    case is NIOSSLExtraError:
      return EventStoreError(.tlsFailed, "no secure connection to \(endpoint) could be made", cause: "\(error)")
    case let error as NIOSSLError:
      return describe(error, endpoint)
    case is BoringSSLError:
      return handshakeFailure(error, endpoint)
    case let error as NIOConnectionError:
      return describe(error, endpoint)
    case ChannelError.connectTimeout(let limit):
      return EventStoreError(
        .unreachable, "no connection to \(endpoint) could be made within \(limit.inWords)", hint: portHint)
    case let error as IOError:
      return EventStoreError(
        .connectionLost, "the connection to \(endpoint) was lost", cause: FailureWords.describing(error))
    default:
      return EventStoreError(.connectionLost, "the connection to \(endpoint) was lost", cause: "\(error)")
    }
  }

  private static func describe(_ error: NIOConnectionError, _ endpoint: Endpoint) -> EventStoreError {
    if let failure = error.connectionErrors.first {
      return EventStoreError(
        .unreachable, "no connection to \(endpoint) could be made", hint: portHint,
        cause: FailureWords.describing(failure.error))
    }
    return EventStoreError(.unreachable, FailureWords.describing(error), hint: "check the host name")
  }

  private static func describe(_ error: NIOSSLError, _ endpoint: Endpoint) -> EventStoreError {
    if case .uncleanShutdown = error {
      return EventStoreError(.connectionLost, "\(endpoint) closed the connection without saying so by TLS")
    }
    return handshakeFailure(error, endpoint)
  }

  private static func handshakeFailure(_ error: any Error, _ endpoint: Endpoint) -> EventStoreError {
    EventStoreError(
      .tlsFailed, "no secure connection to \(endpoint) could be made", hint: certificateHint,
      cause: TLSFailureWords.describing(error))
  }

  private static let portHint =
    "is the server running, and is this its TCP port (1113 by default)?"
  private static let certificateHint =
    "name the authority that signed the server's certificate, and check that the port speaks TLS"
}
