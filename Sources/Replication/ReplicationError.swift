package import EventStoreCore

/// Why a backup or a restore stopped before its end.
///
/// Failures of a server come as `EventStoreError` and those of an archive as `ArchiveError`, unchanged; this type is for
/// what only a run can see.
package struct ReplicationError: Error, Sendable {
  /// The kinds of failure.
  package enum Code: String, Sendable, CaseIterable, Codable {
    /// The source shows other events than those archived: another cluster, or one restored from an older copy.
    case sourceDiverged
    /// Nothing moved for as long as the stall time-out.
    case stalled
    /// A server answered what it never may, and going on could lose or double events.
    case unexpectedAnswer
    /// A setting makes no sense; nothing was done.
    case invalidArgument
  }

  /// The kind of failure.
  package var code: Code
  /// What happened: one sentence, lower case, without a full stop.
  package var message: String
  /// The stream it is about.
  package var stream: StreamName?
  /// The position it is about.
  package var position: Position?
  /// What can be done about it, where we know.
  package var hint: String?
  /// The words of the error that led to this one.
  package var cause: String?

  package init(
    _ code: Code, _ message: String, stream: StreamName? = nil, position: Position? = nil, hint: String? = nil,
    cause: String? = nil
  ) {
    self.code = code
    self.message = message
    self.stream = stream
    self.position = position
    self.hint = hint
    self.cause = cause
  }
}

extension ReplicationError: CustomStringConvertible {
  /// The message, the cause in brackets, then the hint.
  package var description: String {
    var text = message
    if let cause, !cause.isEmpty { text += " (\(cause))" }
    if let hint { text += "; hint: \(hint)" }
    return text
  }
}
