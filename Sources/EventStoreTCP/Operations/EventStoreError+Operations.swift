import EventStoreCore
import NIOCore

extension EventStoreError {
  /// So many requests wait to be sent that no more are taken.
  static func tooManyWaiting(_ maximum: Int) -> EventStoreError {
    EventStoreError(.notReady, "\(maximum) requests wait to be sent already", hint: "send fewer at a time")
  }

  /// No answer came in time.
  static func noAnswer(within limit: TimeAmount) -> EventStoreError {
    EventStoreError(.timedOut, "no answer came within \(limit.inWords)")
  }

  /// The connection was lost before the answer to a request that may have been carried out, and must not be twice.
  static func answerLost(_ cause: EventStoreError) -> EventStoreError {
    EventStoreError(
      .connectionLost, "the connection was lost before the answer came, and the request may have been carried out",
      hint: "an exact expected version lets a request be repeated safely", cause: cause.description)
  }

  /// The connection was lost before the answer, as often as a request may be sent again.
  static func answerLost(_ cause: EventStoreError, attempts: Int) -> EventStoreError {
    EventStoreError(
      .connectionLost, "the connection was lost \(attempts) times before the answer came", cause: cause.description)
  }

  /// The node did not handle a request, as often as it may be sent again.
  static func notHandled(_ reason: NotHandledReason, attempts: Int) -> EventStoreError {
    switch reason {
    case .notReady:
      EventStoreError(
        .notReady, "the node was not ready, \(attempts) times", hint: "it is starting, or its cluster has no quorum")
    case .tooBusy:
      EventStoreError(.notReady, "the node was too busy, \(attempts) times")
    case .notLeader(let leader):
      EventStoreError(
        .notLeader, "the node is not the leader, \(attempts) times",
        hint: "use gossip discovery, or do not require the leader", cause: leader.map { "it names \($0)" })
    case .readOnly:
      EventStoreError(
        .readOnly, "the node takes no writes", hint: "connect to the leader, not to a read-only replica")
    }
  }
}

extension TimeAmount {
  /// The time in seconds, or milliseconds when it is less than one.
  var inWords: String {
    nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
  }
}
