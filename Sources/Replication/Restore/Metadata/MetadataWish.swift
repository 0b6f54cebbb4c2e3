import EventArchive
import EventStoreCore

/// The metadata that a stream should have on the target, oldest first: one, with the whole history more, or none.
///
/// `$tb` is written with the numbers of the target; otherwise all bytes stay as they are.
struct MetadataWish: Hashable, Sendable {
  private(set) var events: [ProposedEvent] = []

  /// - Parameters:
  ///   - archived: The archived versions; nil when there are none.
  ///   - stream: The stream's name in the archive.
  ///   - archive: The archive's id.
  init(
    _ archived: ArchivedMetadata?, of stream: StreamName, archive: EventID, numbers: NumberMap,
    _ configuration: RestoreConfiguration
  ) {
    guard configuration.metadata != .none else { return }
    let versions = configuration.undeletes ? archived?.undeleted ?? [] : archived?.versions ?? []
    let firstVisible = numbers.fillersBefore(stream)
    let proposed = versions.map { event in
      MetadataTruncation.rewritten(event) { number in
        let number = number.map { numbers.truncateBefore($0, of: stream) }
        return firstVisible > 0 ? max(number ?? 0, firstVisible) : number
      }
    }
    switch configuration.metadata {
    case .history: events = proposed
    case .final: events = Array(proposed.suffix(1))
    case .none: events = []
    }
    if events.isEmpty, firstVisible > 0 {
      let id = EventID(namespace: archive, name: Array("metadata@".utf8) + stream.utf8)
      events = [
        ProposedEvent(id: id, type: .streamMetadata, isJSON: true, data: Bytes("{\"$tb\":\(firstVisible)}"))
      ]
    }
  }
}

/// Changes `$tb` in stream metadata.
enum MetadataTruncation {
  /// The event with another `$tb`; as it is when nothing changes or the metadata are no JSON object.
  ///
  /// A changed event has an id of its own, which follows from the old one and the new data.
  /// - Parameter change: Gives the new value for the old one; nil stands for none.
  static func rewritten(_ event: RecordedEvent, _ change: (EventNumber?) -> EventNumber?) -> ProposedEvent {
    guard case .object(var members)? = RawJSON(parsing: event.data) else { return ProposedEvent(event) }
    let place = members.lastIndex { $0.name == Array("$tb".utf8) }
    let old = place.flatMap { members[$0].value.integer }
    guard place == nil || old != nil, let new = change(old), new != old else { return ProposedEvent(event) }
    let value = RawJSON.number(Array(String(new).utf8))
    if let place {
      members[place].value = value
    } else {
      members.append(RawJSON.Member(name: Array("$tb".utf8), value: value))
    }
    var proposed = ProposedEvent(event)
    proposed.data = Bytes(RawJSON.object(members).compactText)
    proposed.id = EventID(namespace: event.id, name: Array(proposed.data))
    return proposed
  }
}
