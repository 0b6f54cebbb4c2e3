import EventStoreCore
import Testing

@testable import Replication

@Suite struct MetadataDecisionTests {
  private let other = id(99)

  private func metadata(_ number: EventNumber, _ json: Bytes) -> RecordedEvent {
    var event = archived("$$s", number)
    event.type = .streamMetadata
    event.data = json
    return event
  }

  private func versions(_ json: Bytes...) -> ArchivedMetadata? {
    var versions: ArchivedMetadata?
    for (number, json) in json.enumerated() {
      let event = metadata(EventNumber(number), json)
      if versions?.add(event) == nil { versions = ArchivedMetadata(event) }
    }
    return versions
  }

  private func target(_ number: EventNumber, _ json: Bytes, id: EventID) -> TargetMetadata {
    var event = metadata(number, json)
    event.id = id
    return TargetMetadata(number: number, event: event)
  }

  private func decision(
    _ archived: ArchivedMetadata?, _ target: TargetMetadata?, isAhead: Bool = false
  ) -> MetadataDecision {
    .about(wish(archived), archived: archived, target: target, isAhead: isAhead, id: other)
  }

  private func wish(
    _ archived: ArchivedMetadata?, _ change: (inout RestoreConfiguration) -> Void = { _ in }
  ) -> MetadataWish {
    var configuration = RestoreConfiguration()
    change(&configuration)
    let numbers = NumberMap(configuration.numbers, shapes: [:])
    return MetadataWish(archived, of: "s", archive: id(50), numbers: numbers, configuration)
  }

  @Test("Where the target has no metadata the archive's last state is written, with its own id")
  func none() {
    let last = metadata(1, #"{"$maxCount":5}"#)
    #expect(
      decision(versions(#"{"$maxCount":9}"#, #"{"$maxCount":5}"#), nil)
        == .write([ProposedEvent(last)], expected: .noStream))
  }

  @Test("The last state is recognised by its id, and by saying the same in the same bytes")
  func there() {
    let archived = versions(#"{"a":1}"#, #"{"a":2}"#)
    #expect(decision(archived, target(7, #"{"a":2}"#, id: id(1))) == .alreadyThere)
    #expect(decision(archived, target(7, #"{"a":2}"#, id: other)) == .alreadyThere)
  }

  @Test("An older archived version is replaced, with the target's number as expected version")
  func older() {
    let archived = versions(#"{"a":1}"#, #"{"a":2}"#)
    let write = MetadataDecision.write([ProposedEvent(metadata(1, #"{"a":2}"#))], expected: .exactly(7))
    #expect(decision(archived, target(7, #"{"a":1}"#, id: id(0))) == write)
    #expect(decision(archived, target(7, #"{"a":1}"#, id: other)) == write)
  }

  @Test(
    "What a server writes by itself is replaced: a soft delete, and the $tb of a stream written again after one",
    arguments: [#"{"$tb":9223372036854775807}"#, #"{"$tb":4}"#, #"{ "$tb" : 4 }"#, #"{"$tb":4,"a":1}"#] as [Bytes])
  func serverMade(json: Bytes) {
    let archived = versions(#"{"a":1}"#, #"{"a":2}"#)
    #expect(
      decision(archived, target(3, json, id: other))
        == .write([ProposedEvent(metadata(1, #"{"a":2}"#))], expected: .exactly(3)))
  }

  @Test(
    "Anything else on the target is a conflict",
    arguments: [#"{"a":3}"#, #"{"$maxCount":1}"#, #"{"a":1,"b":1}"#, "no json", "{}", ""] as [Bytes])
  func conflict(json: Bytes) {
    #expect(decision(versions(#"{"a":1}"#, #"{"a":2}"#), target(0, json, id: other)) == .conflict)
  }

  @Test("Metadata that cannot be read any more are a conflict")
  func unreadable() {
    #expect(decision(versions(#"{"a":1}"#), TargetMetadata(number: 3, event: nil)) == .conflict)
  }

  @Test("A stream that the archive shows without metadata is uncovered when a soft delete hides it")
  func uncovered() {
    let write = MetadataDecision.write(
      [ProposedEvent(id: other, type: .streamMetadata, isJSON: true, data: "{}")], expected: .exactly(2))
    let softDelete = target(2, StreamMetadata.softDeleted, id: id(5))
    #expect(decision(nil, softDelete) == write)
    #expect(decision(nil, softDelete, isAhead: true) == write)
    #expect(decision(nil, target(2, #"{"$tb":4}"#, id: id(5))) == write)
  }

  @Test("Without archived metadata the target keeps its own, also the $tb of a stream that has newer events")
  func nothing() {
    #expect(decision(nil, nil) == .nothing)
    #expect(decision(nil, target(2, #"{"$maxCount":4}"#, id: id(5))) == .nothing)
    #expect(decision(nil, target(2, #"{"$tb":4,"owner":"web"}"#, id: id(5))) == .nothing)
    #expect(decision(nil, target(2, #"{"$tb":4}"#, id: id(5)), isAhead: true) == .nothing)
    #expect(decision(nil, TargetMetadata(number: 3, event: nil)) == .nothing)
  }
}
