import EventArchive
import EventStoreCore
import Replication

/// What a restore with options must come to, worked out the long way: the whole archive at once, event by event.
struct OptionModel {
  /// What the target holds of a stream.
  struct Stream: Equatable {
    /// Ids and data, from number 0 on; nil is a filler.
    var events: [Event?] = []
    /// The data of the newest metadata event.
    var metadata: String?
  }

  struct Event: Hashable {
    var id: EventID
    var data: Bytes
  }

  private let archived: [RecordedEvent]
  private let configuration: RestoreConfiguration
  private let kept: [RecordedEvent]
  private let taken: [StreamName: [RecordedEvent]]
  private let selected: Set<StreamName>

  init(_ archived: [RecordedEvent], _ configuration: RestoreConfiguration) throws {
    let selector = try EventSelector(configuration.filter)
    self.archived = archived
    self.configuration = configuration
    kept = Self.kept(archived, configuration.until)
    let taken = kept.filter { event in
      !event.stream.isMetadataStream && selector.takes(event.stream) && selector.takes(typeOf: event)
    }
    self.taken = Dictionary(grouping: taken, by: \.stream)
    selected = Set(archived.map { $0.stream.describedStream ?? $0.stream }.filter { selector.takes($0) })
  }

  private static func kept(_ archived: [RecordedEvent], _ until: RestoreUntil?) -> [RecordedEvent] {
    guard let until else { return archived }
    let beyond = archived.first { event in
      switch until {
      case .position(let position): (event.position?.commit ?? 0) > position.commit
      case .time(let time): event.created > time
      }
    }
    guard let commit = beyond?.position?.commit else { return archived }
    return archived.filter { ($0.position?.commit ?? 0) < commit }
  }

  /// How many events come after the cut.
  var afterCut: Int {
    let names = selected
    return (archived.count - kept.count)
      - archived.dropFirst(kept.count).count { !names.contains($0.stream.describedStream ?? $0.stream) }
  }

  /// Streams that are refused, by their names in the archive.
  var refused: Set<StreamName> {
    guard configuration.numbers == .strict else { return [] }
    return Set(taken.filter { $0.value.map(\.number) != $0.value.indices.map { EventNumber($0) } }.keys)
  }

  func name(_ stream: StreamName) -> StreamName {
    let rename = configuration.renames.first { stream.utf8.starts(with: $0.prefix.utf8) }
    guard let rename else { return stream }
    return StreamName(rename.replacement.description + stream.description.dropFirst(rename.prefix.utf8.count))
  }

  /// The number that an event gets; nil when it is not taken.
  private func number(_ number: EventNumber, _ stream: StreamName) -> EventNumber? {
    guard let place = taken[stream]?.firstIndex(where: { $0.number == number }) else { return nil }
    return configuration.numbers == .renumber ? EventNumber(place) : number
  }

  private func data(_ event: RecordedEvent) -> Bytes {
    let parts = String(decoding: event.data, as: UTF8.self).split(separator: "@", maxSplits: 1)
    guard event.isLink, parts.count == 2, let old = EventNumber(parts[0]) else { return event.data }
    let stream = StreamName(String(parts[1]))
    return number(old, stream).map { Bytes("\($0)@\(name(stream))") } ?? event.data
  }

  /// How many links lead to nothing.
  var dangling: Int {
    taken.values.joined().count { event in
      let parts = String(decoding: event.data, as: UTF8.self).split(separator: "@", maxSplits: 1)
      guard event.isLink, parts.count == 2, let old = EventNumber(parts[0]) else { return false }
      return number(old, StreamName(String(parts[1]))) == nil
    }
  }

  /// How many events have another number or name.
  var moved: Int {
    taken.values.joined().count { number($0.number, $0.stream) != $0.number || name($0.stream) != $0.stream }
  }

  /// Everything that the target holds in the end, by the names there.
  var target: [StreamName: Stream] {
    var target: [StreamName: Stream] = [:]
    for stream in selected.subtracting(refused) {
      let result = Stream(events: events(stream), metadata: metadata(stream))
      if result != Stream() { target[name(stream)] = result }
    }
    return target
  }

  private func events(_ stream: StreamName) -> [Event?] {
    var events: [Event?] = []
    for event in taken[stream] ?? [] {
      while configuration.numbers == .preserve, events.count < event.number { events.append(nil) }
      events.append(Event(id: event.id, data: data(event)))
    }
    return events
  }

  private func metadata(_ stream: StreamName) -> String? {
    let last = kept.last { $0.stream == stream.metadataStream }.map { String(decoding: $0.data, as: UTF8.self) }
    let first = configuration.numbers == .preserve ? taken[stream]?.first?.number ?? 0 : 0
    guard let last else { return first > 0 ? "{\"$tb\":\(first)}" : nil }
    // The metadata of this world are {"own":1} or {"$tb":N,"own":1}.
    let old = last.split(separator: ":")[1].split(separator: ",").first.flatMap { EventNumber($0) }
    guard last.contains("$tb"), let old else { return first > 0 ? "{\"own\":1,\"$tb\":\(first)}" : last }
    let lower = EventNumber((taken[stream] ?? []).count { $0.number < old })
    return "{\"$tb\":\(configuration.numbers == .renumber ? lower : max(old, first)),\"own\":1}"
  }
}
