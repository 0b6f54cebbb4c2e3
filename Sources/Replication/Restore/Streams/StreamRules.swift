import EventArchive
import EventStoreCore

/// How the events of a stream are written: what all streams of a restore have in common.
struct StreamRules: Sendable {
  /// How much one append has at most.
  var limits: AppendLimits
  /// What happens to event numbers.
  var numbers = RestoreNumbers.strict
  /// The fillers of holes.
  var fillers = Fillers(archive: EventID(high: 0, low: 0), maximum: 0)
  /// Whether proofs must do with reading.
  var isDryRun = false
  /// Whether a stream that is hard-deleted on the target is as it should be.
  var expectsTombstone = false
}

/// The small events that fill the holes of streams whose numbers are preserved.
///
/// A filler's id follows from the archive, the stream and the number, so that a repeat writes the same ones.
struct Fillers: Hashable, Sendable {
  private static let type: EventType = "eventvault-filler"

  /// The archive's id.
  let archive: EventID
  /// How many one stream gets at most.
  let maximum: EventNumber

  init(archive: EventID, maximum: EventNumber) {
    self.archive = archive
    self.maximum = maximum
  }

  /// The id of the filler of this number.
  func id(_ number: EventNumber, of stream: StreamName) -> EventID {
    EventID(namespace: archive, name: Array("filler \(number)@".utf8) + stream.utf8)
  }

  /// Whether an event has the form of a filler, of whatever archive.
  static func looksLike(_ event: RecordedEvent) -> Bool {
    event.type == type && event.isJSON && event.data == "{}" && event.metadata.isEmpty
  }

  /// The filler of this number.
  func filler(_ number: EventNumber, of stream: StreamName) -> QueuedEvent {
    let event = RecordedEvent(
      stream: stream, number: number, id: id(number, of: stream), type: Self.type, isJSON: true, data: "{}",
      created: Timestamp(ticks: 0))
    return QueuedEvent(event: event, proposed: ProposedEvent(event), frame: nil)
  }
}
