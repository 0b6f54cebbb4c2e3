/// Why a server, or the way to it, did not do what was asked.
public struct EventStoreError: Error, Hashable, Sendable {
  /// The kinds of failure.
  public enum Code: String, Sendable, CaseIterable {
    /// The server does not know this login and password, or wants some.
    case notAuthenticated
    /// The user may not do this.
    case accessDenied
    /// There is no such stream, or it is soft-deleted.
    case streamNotFound
    /// The stream is hard-deleted.
    case streamDeleted
    /// The stream has no such event.
    case eventNotFound
    /// The stream was not at the expected version.
    case wrongExpectedVersion
    /// The explicit transaction cannot be used so.
    case invalidTransaction
    /// The server could not read the request.
    case badRequest
    /// The server answered with an error of its own; its words are kept.
    case serverError
    /// The server is starting, without a quorum, or too busy.
    case notReady
    /// The node is not the leader, and the leader could not be reached.
    case notLeader
    /// The node takes no writes.
    case readOnly
    /// No answer came in time.
    case timedOut
    /// The connection was lost, and the request may or may not have been carried out.
    case connectionLost
    /// No connection could be made.
    case unreachable
    /// The connection could not be made secure.
    case tlsFailed
    /// Gossip named no node that fits.
    case discoveryFailed
    /// The client was closed, or had given up.
    case clientClosed
    /// A frame exceeded the limit.
    case frameTooLarge
    /// The event, or the append, is larger than the server takes.
    case eventTooLarge
    /// The server ended the subscription.
    case subscriptionDropped
    /// There is a persistent subscription of this name already.
    case subscriptionExists
    /// There is no persistent subscription of this name.
    case subscriptionNotFound
    /// The persistent subscription takes no more consumers.
    case tooManyConsumers
    /// The event's data, or metadata, are not the JSON that was asked for.
    case unreadableData
    /// The other side broke the protocol.
    case protocolViolation
    /// The request makes no sense; nothing was sent.
    case invalidArgument
    /// The connection string could not be understood.
    case invalidConnectionString
  }

  /// The kind of failure.
  public var code: Code
  /// What happened: one sentence, lower case, without a full stop.
  public var message: String
  /// The stream it is about.
  public var stream: StreamName?
  /// The position it is about.
  public var position: Position?
  /// With `wrongExpectedVersion`: the stream's true last number, where the server told it.
  public var currentVersion: EventNumber?
  /// What can be done about it, where we know.
  public var hint: String?
  /// The server's or the system's own words.
  public var cause: String?

  public init(
    _ code: Code, _ message: String, stream: StreamName? = nil, position: Position? = nil,
    currentVersion: EventNumber? = nil, hint: String? = nil, cause: String? = nil
  ) {
    self.code = code
    self.message = message
    self.stream = stream
    self.position = position
    self.currentVersion = currentVersion
    self.hint = hint
    self.cause = cause
  }

  /// Whether the same request may succeed later without anybody changing anything.
  public var isTransient: Bool {
    switch code {
    case .notReady, .notLeader, .timedOut, .connectionLost, .unreachable, .discoveryFailed: true
    case .notAuthenticated, .accessDenied, .streamNotFound, .streamDeleted, .eventNotFound, .wrongExpectedVersion,
      .invalidTransaction, .badRequest, .serverError, .readOnly, .tlsFailed, .clientClosed, .frameTooLarge,
      .eventTooLarge, .subscriptionDropped, .subscriptionExists, .subscriptionNotFound, .tooManyConsumers,
      .unreadableData, .protocolViolation, .invalidArgument, .invalidConnectionString:
      false
    }
  }
}

extension EventStoreError: CustomStringConvertible {
  /// The message, the cause in brackets, then the hint.
  public var description: String {
    var text = message
    if let cause, !cause.isEmpty { text += " (\(cause))" }
    if let hint { text += "; hint: \(hint)" }
    return text
  }
}
