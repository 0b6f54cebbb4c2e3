/// What a backup did.
package struct BackupReport: Hashable, Sendable, Codable {
  /// How it ended.
  package enum Outcome: String, Hashable, Sendable, Codable {
    /// Everything asked for is archived.
    case finished
    /// The rest is archived, but some streams or events could not be read.
    case incomplete
    /// Ended early by a stop signal; what was read is archived.
    case stopped
  }

  /// A stream that could not be read, and why.
  package struct UnreadStream: Hashable, Sendable, Codable {
    /// Why a stream could not be read.
    package enum Reason: String, Hashable, Sendable, Codable {
      /// There never was such a stream.
      case missing
      /// The stream is soft-deleted, and has events that were not archived before.
      case softDeleted
      /// The stream is hard-deleted, and only what was archived before is there.
      case hardDeleted
      /// The user may not read it.
      case accessDenied
    }

    /// The stream's name, as text.
    package var stream: String
    /// Why it could not be read.
    package var reason: Reason

    package init(stream: String, reason: Reason) {
      self.stream = stream
      self.reason = reason
    }
  }

  /// Events that could not be read, and why.
  package struct Gap: Hashable, Sendable, Codable {
    /// What is missing, in words.
    package var what: String
    /// Why it could not be read.
    package var reason: String

    package init(what: String, reason: String) {
      self.what = what
      self.reason = reason
    }
  }

  /// How it ended.
  package var outcome: Outcome
  /// Events archived by this run.
  package var events = 0
  /// Events read and left out by this run: those of system streams, and what the filter does not take.
  package var eventsLeftOut = 0
  /// Data and metadata of the events archived by this run.
  package var payloadBytes = 0
  /// Everything up to here, `commit/prepare`, is archived or was left out on purpose; nil when the scope is a list of streams.
  package var position: String?
  /// Streams named by the user that could not be read.
  package var unreadStreams: [UnreadStream] = []
  /// Events that could not be read, each also recorded in the archive once it is known where they end.
  package var gaps: [Gap] = []
  /// What else should be known, in sentences for people.
  package var warnings: [String] = []

  package init(outcome: Outcome) {
    self.outcome = outcome
  }

  /// Whether something that was asked for could not be read.
  package var isIncomplete: Bool { !unreadStreams.isEmpty || !gaps.isEmpty }
}
