package import EventArchive
package import EventStoreCore
package import EventStoreServer
package import Replication

extension ExitCode {
  /// The exit code for a failure of a server, or of the way to it.
  package init(_ code: EventStoreError.Code) {
    self =
      switch code {
      case .notAuthenticated, .accessDenied: .denied
      case .streamNotFound, .streamDeleted, .eventNotFound: .incomplete
      case .wrongExpectedVersion: .conflict
      case .notReady, .notLeader, .timedOut, .connectionLost, .unreachable, .tlsFailed, .discoveryFailed: .unreachable
      case .invalidArgument, .invalidConnectionString: .usage
      case .invalidTransaction, .badRequest, .serverError, .readOnly, .clientClosed, .frameTooLarge, .eventTooLarge,
        .subscriptionDropped, .subscriptionExists, .subscriptionNotFound, .tooManyConsumers, .unreadableData,
        .protocolViolation:
        .failed
      }
  }

  /// The exit code for a failure of an archive.
  package init(_ code: ArchiveError.Code) {
    self =
      switch code {
      case .notAnArchive: .noArchive
      case .locked: .archiveLocked
      case .damaged: .archiveDamaged
      case .newerFormat: .newerFormat
      case .scopeMismatch, .invalidArgument: .usage
      case .sourceDiverged: .sourceDiverged
      case .outOfOrder, .diskFull, .accessDenied, .ioFailed, .closed: .failed
      }
  }

  /// The exit code for what only a run can see.
  package init(_ code: ReplicationError.Code) {
    self =
      switch code {
      case .sourceDiverged: .sourceDiverged
      case .stalled: .stalled
      case .invalidArgument: .usage
      case .unexpectedAnswer: .failed
      }
  }

  /// The exit code for an embedded server that did not start.
  package init(_ code: ServerError.Code) {
    self =
      switch code {
      case .invalidConfiguration: .usage
      case .portInUse, .addressUnavailable, .tlsInvalid: .failed
      }
  }
}

extension CommandFailure {
  /// What any error means to the user.
  package init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as EventStoreError: self.init(error)
    case let error as ArchiveError: self.init(error)
    case let error as ReplicationError:
      self.init(ExitCode(error.code), Self.sentence(error.message, cause: error.cause), hint: error.hint)
    case let error as ServerError:
      self.init(ExitCode(error.code), Self.sentence(error.message, cause: error.cause), hint: error.hint)
    default: self.init(.failed, "\(error)")
    }
  }

  /// What a server's failure means to the user.
  package init(_ error: EventStoreError) {
    self.init(
      ExitCode(error.code), Self.sentence(error.message, cause: error.cause),
      hint: error.hint ?? Self.hint(for: error.code))
  }

  /// What an archive's failure means to the user.
  package init(_ error: ArchiveError) {
    var bare = error
    bare.hint = nil
    self.init(ExitCode(error.code), "\(bare)", hint: error.hint ?? Self.hint(for: error.code))
  }

  private static func sentence(_ message: String, cause: String?) -> String {
    guard let cause, !cause.isEmpty else { return message }
    return "\(message) (\(cause))"
  }

  /// What to do about a kind of failure, when the error itself does not say.
  private static func hint(for code: EventStoreError.Code) -> String? {
    switch code {
    case .notAuthenticated:
      "check the user name in the connection string and the password in EVENTVAULT_PASSWORD or --password-file"
    case .accessDenied: "reading $all needs an administrator, or a user whom the ACL in $settings lets read it"
    case .unreachable, .connectionLost:
      "check host and port, and that the server is running: eventvault doctor --source URL"
    case .discoveryFailed: "check that the host answers http://HOST:2113/gossip, or connect to one node with tcp://"
    case .timedOut, .notReady, .notLeader: "the server may be starting or busy: the same command can be run again"
    case .tlsFailed: "check that this port speaks TLS, its certificate, and the name it was issued for"
    case .readOnly: "connect to the leader or a follower"
    case .invalidConnectionString: "for example tcp://admin@localhost:1113 or discover://admin@cluster:2113"
    case .streamNotFound, .streamDeleted, .eventNotFound, .wrongExpectedVersion, .invalidTransaction, .badRequest,
      .serverError, .clientClosed, .frameTooLarge, .eventTooLarge, .subscriptionDropped, .subscriptionExists,
      .subscriptionNotFound, .tooManyConsumers, .unreadableData, .protocolViolation,
      .invalidArgument:
      nil
    }
  }
  private static func hint(for code: ArchiveError.Code) -> String? {
    switch code {
    case .notAnArchive: "check the directory; eventvault backup makes a new archive in a missing or empty one"
    case .locked: "wait for the other run to end, or stop it"
    case .damaged: "eventvault verify --archive DIR lists every fault; restore the files from a copy of the archive"
    case .newerFormat: "use the version of eventvault that wrote the archive, or a later one"
    case .scopeMismatch: "back up something else into another directory"
    case .sourceDiverged: "check the source's address; back up another cluster into another directory"
    case .diskFull: "make room and run the same command again: it continues"
    case .accessDenied: "check the owner and the mode of the directory"
    case .outOfOrder, .ioFailed, .closed, .invalidArgument: nil
    }
  }
}
