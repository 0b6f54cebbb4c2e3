/// What a restore did, or with `isDryRun` would do.
package struct RestoreReport: Hashable, Sendable, Codable {
  /// How it ended. When several apply, the first in the order conflict, stopped, incomplete, finished.
  package enum Outcome: String, Hashable, Sendable, Codable {
    /// The target holds everything asked for.
    case finished
    /// The rest is there, but some events could not be read, written or proven.
    case incomplete
    /// Some streams hold something else on the target; the others were restored.
    case conflict
    /// Ended early by a stop signal; the same command again goes on.
    case stopped
  }

  /// Streams, by what happened to them. Metadata belong to their stream and do not count as one.
  package struct Streams: Hashable, Sendable, Codable {
    /// New on the target.
    package var created = 0
    /// Partly there, and continued.
    package var continued = 0
    /// All there already.
    package var alreadyThere = 0
    /// Not written at all, because their event numbers would change.
    package var refused = 0
    /// Holding something else on the target, or hard-deleted there.
    package var conflicts = 0
    /// Ended early, at an event that the target does not take.
    package var cutShort = 0
    /// Not written, or not to its end, because the user may not.
    package var denied = 0
    /// With events that are gone on the target, so that nobody can tell what they were.
    package var unproven = 0
    /// Left out because the archive shows them hard-deleted.
    package var hardDeletedLeftOut = 0
    /// System streams left out.
    package var systemLeftOut = 0
    /// Named by the user, but not in the archive.
    package var missing = 0

    package init() {}
  }

  /// Events, by what happened to them; those of metadata streams too.
  package struct Events: Hashable, Sendable, Codable {
    /// Written to the target by this run.
    package var appended = 0
    /// On the target already, and proven to be the same.
    package var alreadyThere = 0
    /// Below the target's last number and gone there.
    package var unproven = 0
    /// Refused by the target, and written to the rejects.
    package var rejected = 0
    /// Not written because something before them in their stream could not be.
    package var notWritten = 0
    /// Older stream metadata, which the last one replaces.
    package var supersededMetadata = 0
    /// Tombstones that are not restored.
    package var tombstonesLeftOut = 0
    /// Streams hard-deleted by this run, because the archive shows them so.
    package var tombstonesWritten = 0
    /// Streams hard-deleted on the target already, as the archive shows them.
    package var tombstonesAlreadyThere = 0
    /// Of those streams, so that nobody can read them any more.
    package var ofDeletedStreams = 0
    /// Of streams that were left out.
    package var leftOut = 0
    /// Left out because of their type.
    package var filteredOut = 0
    /// Left out because they are older than their stream keeps events.
    package var expiredLeftOut = 0
    /// After the moment to which was restored.
    package var afterCut = 0
    /// Written with another number, or into a stream of another name, than in the archive; or there already like that.
    package var moved = 0
    /// Small events that fill holes, written by this run.
    package var fillers = 0
    /// Links to events that the archive does not hold, or that were not restored; written all the same.
    package var danglingLinks = 0

    package init() {}
  }

  /// Stream metadata, by what happened to it.
  package struct Metadata: Hashable, Sendable, Codable {
    /// Written to the target by this run.
    package var written = 0
    /// There already.
    package var alreadyThere = 0
    /// Something else is there, and was not touched.
    package var conflicts = 0
    /// Refused by the target.
    package var rejected = 0

    package init() {}
  }

  /// One thing that did not go as asked.
  package struct Issue: Hashable, Sendable, Codable {
    /// The kinds of issue.
    package enum Kind: String, Hashable, Sendable, Codable {
      /// The stream's event numbers would change.
      case numbersWouldChange
      /// The target has another event at this number.
      case differentEvent
      /// The target has other stream metadata.
      case differentMetadata
      /// The stream is hard-deleted on the target.
      case hardDeletedOnTarget
      /// The target does not take the event.
      case rejected
      /// The user may not write there.
      case accessDenied
      /// Events are gone on the target.
      case unproven
      /// The archive does not hold the stream.
      case missing
    }

    /// The kind of issue.
    package var kind: Kind
    /// The stream's name, as text.
    package var stream: String
    /// The event's number, where it is about one.
    package var number: Int64?
    /// One sentence, lower case, without a full stop.
    package var detail: String

    package init(kind: Kind, stream: String, number: Int64? = nil, detail: String) {
      self.kind = kind
      self.stream = stream
      self.number = number
      self.detail = detail
    }
  }

  /// How it ended.
  package var outcome: Outcome = .finished
  /// Whether nothing was written and this is only the plan.
  package var isDryRun: Bool
  /// The order in which the target received the events.
  package var order: RestoreOrder
  /// Streams, by what happened to them.
  package var streams = Streams()
  /// Events, by what happened to them.
  package var events = Events()
  /// Stream metadata, by what happened to it.
  package var metadata = Metadata()
  /// Data and metadata of the events written, or in a dry run a guess at what would be.
  package var payloadBytes = 0
  /// The last event that was before the moment to which was restored; nil without one.
  package var lastKept: CutEdge?
  /// The first event that was not; nil when all were.
  package var firstDropped: CutEdge?
  /// The moment at which events were too old for their streams; nil when nobody asked to leave such out.
  package var expiredAt: String?
  /// What did not go as asked, one by one, up to the limit.
  package var issues: [Issue] = []
  /// How many issues there were in all.
  package var issueCount = 0
  /// What else should be known, in sentences for people.
  package var warnings: [String] = []

  package init(isDryRun: Bool, order: RestoreOrder) {
    self.isDryRun = isDryRun
    self.order = order
  }
}
