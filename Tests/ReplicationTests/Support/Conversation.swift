import EventArchive
import EventStoreCore
import Testing

/// The id with this number: tests name ids by small numbers.
func id(_ number: UInt64) -> EventID {
  EventID(high: 0, low: number)
}

/// The position of an event written alone.
func at(_ commit: Int64) -> Position {
  Position(commit: commit, prepare: commit)
}

/// Expects that a step of a conversation has this outcome; a macro cannot call what mutates.
func expect<Value: Equatable>(
  _ actual: Value, is expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual == expected, sourceLocation: sourceLocation)
}

/// An event of `$all`, as a page of a source brings it.
func resolved(_ commit: Int64, prepare: Int64? = nil, stream: StreamName = "s") -> ResolvedEvent {
  let position = Position(commit: commit, prepare: prepare ?? commit)
  let event = RecordedEvent(
    stream: stream, number: 0, id: id(UInt64(position.prepare)), type: "t", isJSON: false, data: Bytes(),
    created: Timestamp(ticks: 0), position: position)
  return ResolvedEvent(event: event, position: position)
}

/// An event of a stream, as a page of that stream brings it: without a position.
func numbered(_ number: EventNumber, stream: StreamName = "s") -> ResolvedEvent {
  ResolvedEvent(
    event: RecordedEvent(
      stream: stream, number: number, id: id(UInt64(number)), type: "t", isJSON: false, data: Bytes(),
      created: Timestamp(ticks: 0)))
}

/// An event as an archive holds it; its id is its number.
func archived(_ stream: StreamName, _ number: EventNumber) -> RecordedEvent {
  RecordedEvent(
    stream: stream, number: number, id: id(UInt64(number)), type: "t", isJSON: false, data: "data",
    created: Timestamp(ticks: 0), position: at(number))
}
