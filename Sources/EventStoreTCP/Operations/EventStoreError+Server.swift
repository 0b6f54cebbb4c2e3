import EventStoreCore
import EventStoreWire

extension EventStoreError {
  /// The other side sent what the protocol does not allow.
  static func protocolViolation(_ message: String, _ cause: any Error) -> EventStoreError {
    EventStoreError(.protocolViolation, message, cause: "\(cause)")
  }

  /// The server understood the login but not the request.
  static func badRequest(_ words: String) -> EventStoreError {
    EventStoreError(.badRequest, "the server could not read the request", cause: words)
  }

  /// The server does not know who asks.
  static func notAuthenticated(_ words: String) -> EventStoreError {
    EventStoreError(
      .notAuthenticated, "the server wants a valid login for this request", hint: "check login and password",
      cause: words)
  }

  /// The user may not read the stream; nil is `$all`.
  static func readDenied(_ stream: StreamName?, user: String?, resolveLinks: Bool) -> EventStoreError {
    let who = user ?? "an anonymous client"
    guard let stream else {
      return EventStoreError(
        .accessDenied, "\(who) may not read $all",
        hint: "reading $all needs an administrator: connect as a user of the group $admins")
    }
    return EventStoreError(
      .accessDenied, "\(who) may not read stream \(stream)", stream: stream,
      hint: resolveLinks
        ? "its access list decides, and so does that of every stream that its links lead to"
        : "the access list in its metadata decides")
  }

  /// A write, or a delete, was refused; nil for a success.
  /// - Parameters:
  ///   - verb: what was asked for, such as `append to`.
  ///   - words: the server's own.
  static func refusal(
    _ result: OperationResult, to verb: String, _ stream: StreamName, expected: ExpectedVersion,
    currentVersion: EventNumber?, user: String?, words: String?
  ) -> EventStoreError? {
    switch result {
    case .success:
      return nil
    case .prepareTimeout, .commitTimeout, .forwardTimeout:
      return EventStoreError(
        .timedOut, "the server could not \(verb) stream \(stream) in time, and may still do it", stream: stream,
        hint: "the cluster may lack a quorum", cause: words ?? "\(result)")
    case .wrongExpectedVersion:
      let actual = currentVersion.map { $0 < 0 ? ", it has no events" : ", its last event is \($0)" } ?? ""
      return EventStoreError(
        .wrongExpectedVersion, "stream \(stream) is not at the expected version \(expected)\(actual)", stream: stream,
        currentVersion: currentVersion, cause: words)
    case .streamDeleted:
      return EventStoreError(
        .streamDeleted, "stream \(stream) is deleted", stream: stream,
        hint: "a hard-deleted stream can never be written again", cause: words)
    case .invalidTransaction:
      return EventStoreError(
        .invalidTransaction, "the server refused to \(verb) stream \(stream)", stream: stream, cause: words)
    case .accessDenied:
      return EventStoreError(
        .accessDenied, "\(user ?? "an anonymous client") may not \(verb) stream \(stream)", stream: stream,
        hint: "the access list in its metadata, or the default one, decides", cause: words)
    }
  }
}
