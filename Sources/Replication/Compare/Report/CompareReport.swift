package import EventStoreCore

/// What a comparison came to.
package struct CompareReport: Hashable, Sendable {
  /// How it ended. When several apply, the first in the order different, stopped, incomplete, equal.
  package enum Outcome: String, Hashable, Sendable {
    /// The target holds what the reference holds, and nothing else.
    case equal
    /// It does as far as could be seen, but some streams could not be compared.
    case incomplete
    /// It does not.
    case different
    /// Ended early by a stop signal.
    case stopped
  }

  /// Streams, by what came out. Metadata belong to their stream and do not count as one.
  package struct Streams: Hashable, Sendable {
    /// The same.
    package var same = 0
    /// Of these: the same under other event numbers.
    package var renumbered = 0
    /// Not on the target.
    package var missing = 0
    /// On the target only; nil when nobody looked.
    package var extra: Int?
    /// With other events, other metadata, or in another state.
    package var different = 0
    /// Not compared, because they could not be read or the reference does not hold them.
    package var notCompared = 0
    /// Left out because the reference shows them hard-deleted.
    package var hardDeletedLeftOut = 0
    /// System streams of the reference left out.
    package var systemLeftOut = 0
  }

  /// Events of the reference, by what came out.
  package struct Events: Hashable, Sendable {
    /// Of all streams that were to be compared, without those left out.
    package var reference = 0
    /// Of streams that are the same, without those that are hidden.
    package var same = 0
    /// Not expected on the target: a restore was told to leave them out.
    package var leftOut = 0
    /// Of streams that are the same: events of the target that only fill holes in the numbers; nobody looked unless in full.
    package var fillers = 0
    /// Of streams that are the same: hidden on the target for a reason that the reference knows too.
    package var hidden = 0
  }

  /// Stream metadata, by what came out.
  package struct Metadata: Hashable, Sendable {
    /// The same, and not without any.
    package var same = 0
    /// Saying something else.
    package var different = 0
  }

  /// One thing that differs, or could not be compared.
  package struct Difference: Hashable, Sendable {
    /// The kinds of difference.
    package enum Kind: String, Hashable, Sendable {
      /// The target does not have the stream.
      case missing
      /// Only the target has the stream.
      case extra
      /// The target does not have, or does not show, some events.
      case missingEvents
      /// The target has events that the reference does not hold.
      case extraEvents
      /// An event is another one, or has other content.
      case differentEvent
      /// The events differ, and nobody has looked where.
      case differentEvents
      /// The metadata say something else.
      case differentMetadata
      /// The stream is deleted on the target, and not in the reference.
      case deletedOnTarget
      /// The stream is deleted in the reference, and not on the target.
      case aliveOnTarget
      /// The user may not read it.
      case accessDenied
      /// Named by the user, and not in the reference.
      case notInReference

      /// Whether the stream could not be compared, rather than that it differs.
      package var isAboutAccess: Bool {
        switch self {
        case .accessDenied, .notInReference: true
        case .missing, .extra, .missingEvents, .extraEvents, .differentEvent, .differentEvents, .differentMetadata,
          .deletedOnTarget, .aliveOnTarget:
          false
        }
      }
    }

    /// The kind of difference.
    package var kind: Kind
    /// The stream.
    package var stream: StreamName
    /// The number of the first event that differs, where it is about one.
    package var number: EventNumber?
    /// One sentence, lower case, without a full stop.
    package var detail: String

    package init(kind: Kind, stream: StreamName, number: EventNumber? = nil, detail: String) {
      self.kind = kind
      self.stream = stream
      self.number = number
      self.detail = detail
    }
  }

  /// How it ended.
  package var outcome = Outcome.equal
  /// Whether the events were compared, not only how many there are.
  package var isFull: Bool
  /// Streams, by what came out.
  package var streams = Streams()
  /// Events of the reference, by what came out.
  package var events = Events()
  /// Stream metadata, by what came out.
  package var metadata = Metadata()
  /// What differs or could not be compared, one by one, up to the limit.
  package var differences: [Difference] = []
  /// How many of these there were in all.
  package var differenceCount = 0
  /// What else should be known, in sentences for people.
  package var warnings: [String] = []

  package init(isFull: Bool) {
    self.isFull = isFull
  }
}
