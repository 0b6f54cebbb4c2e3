import EventStoreCore

/// Says in an event's metadata where it came from: when it was created, its number, and its position.
///
/// Only metadata that are empty or a JSON object get the three keys, at their end; a value that is there already stays, so that
/// the first origin of an event that moves twice is kept. All other bytes stay as they are.
enum OriginMetadata {
  /// The metadata with the keys; nil when nothing can or needs to be added.
  static func metadata(of event: RecordedEvent) -> Bytes? {
    let members: [RawJSON.Member]
    if event.metadata.isEmpty {
      members = []
    } else {
      guard case .object(let parsed)? = RawJSON(parsing: event.metadata) else { return nil }
      members = parsed
    }
    let added = keys(of: event).filter { key in !members.contains { $0.name == key.name } }
    guard !added.isEmpty else { return nil }
    let text = RawJSON.object(added).compactText
    guard !members.isEmpty else { return Bytes(text) }
    guard let end = event.metadata.lastIndex(of: UInt8(ascii: "}")) else { return nil }
    return Bytes(Array(event.metadata[..<end]) + [UInt8(ascii: ",")] + text.dropFirst())
  }

  private static func keys(of event: RecordedEvent) -> [RawJSON.Member] {
    var keys = [
      RawJSON.Member(name: Array("$originalCreatedDate".utf8), value: RawJSON(text: event.created.description)),
      RawJSON.Member(name: Array("$originalEventNumber".utf8), value: .number(Array(String(event.number).utf8))),
    ]
    if let position = event.position {
      let value = RawJSON.object([
        RawJSON.Member(name: Array("commit".utf8), value: .number(Array(String(position.commit).utf8))),
        RawJSON.Member(name: Array("prepare".utf8), value: .number(Array(String(position.prepare).utf8))),
      ])
      keys.append(RawJSON.Member(name: Array("$originalEventPosition".utf8), value: value))
    }
    return keys
  }
}
