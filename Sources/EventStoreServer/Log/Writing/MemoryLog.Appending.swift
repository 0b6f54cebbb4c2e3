import EventStoreCore

/// Appends: the expected-version table, repeats, and what a write to a soft-deleted stream brings with it.
extension MemoryLog {
  /// Appends events to a stream, all or none.
  ///
  /// - Parameter serverID: the id of the `$metadata` event that the server writes when this re-creates a stream.
  mutating func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion, by principal: Principal?,
    at now: Timestamp, serverID: EventID
  ) -> WriteOutcome {
    guard allows(.write, to: stream, by: principal) else { return .accessDenied }
    let decision = decide(events.lazy.map(\.id), stream: stream, expected: expected)
    guard case .write(let last, let recreates) = decision else { return WriteOutcome(refusal: decision) }

    let revivedStream = stream.describedStream.flatMap { streams.metadata($0).isSoftDeleted ? $0 : nil }
    let position = write(PayloadBlock.copy(events), to: stream, after: last, at: now)
    if recreates { writeTruncation(of: stream, before: last + 1, at: now, id: serverID) }
    if let revivedStream {
      writeTruncation(of: revivedStream, before: streams.lastNumber(revivedStream) + 1, at: now, id: serverID)
    }
    return .written(first: last + 1, last: last + EventNumber(events.count), position: position)
  }

  /// What an append of events with these ids would come to.
  func decide(
    _ ids: some Collection<EventID>, stream: StreamName, expected: ExpectedVersion
  ) -> WriteDecision {
    let last = streams.lastNumber(stream)
    guard last != .deleted else { return .streamDeleted }
    let isSoftDeleted = streams.metadata(stream).isSoftDeleted
    let write = WriteDecision.write(after: last, recreates: isSoftDeleted)
    let wrong = WriteDecision.wrongExpectedVersion(current: last)
    switch expected {
    case .any: return decide(ids, stream: stream, write: write, wrong: wrong)
    case .streamExists:
      if isSoftDeleted { return .streamDeleted }
      if last < 0, streams.lastNumber(stream.metadataStream) < 0 { return wrong }
      return decide(ids, stream: stream, write: write, wrong: wrong)
    case .noStream, .exactly:
      let number = expected.wireValue
      if number == last { return write }
      guard number < last, let first = ids.first, let index = streams.find(stream) else { return wrong }
      if record(number + 1, of: index)?.id != first { return expected == .noStream && isSoftDeleted ? write : wrong }
      for (offset, id) in ids.enumerated() where record(number + 1 + EventNumber(offset), of: index)?.id != id {
        return wrong
      }
      return .repeated(first: number + 1, last: number + EventNumber(ids.count))
    }
  }

  /// Without an exact expected version the ids decide: all known is a repeat, the first known and another not is refused.
  private func decide(
    _ ids: some Collection<EventID>, stream: StreamName, write: WriteDecision, wrong: WriteDecision
  ) -> WriteDecision {
    guard let index = streams.find(stream) else { return write }
    var numbers: (first: EventNumber, last: EventNumber)?
    for id in ids {
      guard let number = recentEvents.number(of: id, in: index) else { return numbers == nil ? write : wrong }
      numbers = (numbers?.first ?? number, number)
    }
    return numbers.map { .repeated(first: $0.first, last: $0.last) } ?? write
  }

  /// Writes events that are decided upon; the position of the last, or of the bare record that stands for none.
  private mutating func write(
    _ events: [ProposedEvent], to stream: StreamName, after last: EventNumber, at now: Timestamp
  ) -> Position {
    guard !events.isEmpty else {
      let start = store.appendBare(stream: stream, isCommitted: true)
      return Position(commit: start, prepare: start)
    }
    let index = streams.findOrAdd(stream)
    let name = streams[index].name
    for (offset, event) in events.enumerated() {
      let number = last + 1 + EventNumber(offset)
      let place = store.append(event, stream: index, name: name, number: number, at: now)
      recordAdded(place, event, number: number, in: index)
    }
    streamWritten(index)
    return store.records[store.records.count - 1].position
  }

  /// Keeps the indices true to a new record.
  mutating func recordAdded(_ place: Int, _ event: ProposedEvent, number: EventNumber, in stream: StreamTable.Index) {
    streams.add(record: place, to: stream)
    recentEvents.add(event.id, in: stream, number: number)
  }

  /// Takes the newest event of a stream that says something about others.
  mutating func streamWritten(_ index: StreamTable.Index) {
    let stream = streams[index]
    guard stream.name.utf8.first == UInt8(ascii: "$"), let newest = record(stream.lastNumber, of: index) else { return }
    if let described = stream.name.describedStream {
      let metadata = newest.type == .streamMetadata ? StreamMetadata(json: newest.data) : nil
      streams.setMetadata(metadata, of: streams.findOrAdd(described))
    } else if stream.name == AccessRules.settingsStream {
      accessRules.settingsWritten(newest.data)
    }
  }

  /// Ends a soft delete: the stream's metadata, with `$tb` set so that only what was written after it can be read.
  ///
  /// Other keys stay; metadata that are no JSON object stay as they are.
  mutating func writeTruncation(of stream: StreamName, before number: EventNumber, at now: Timestamp, id: EventID) {
    guard let index = streams.find(stream.metadataStream), let newest = record(streams[index].lastNumber, of: index),
      case .object(var members)? = RawJSON(parsing: newest.data)
    else { return }
    let value = RawJSON.number(Array(String(number).utf8))
    if let place = members.lastIndex(where: { $0.name == Array("$tb".utf8) }) {
      members[place].value = value
    } else {
      members.append(RawJSON.Member(name: Array("$tb".utf8), value: value))
    }
    writeMetadata(Bytes(RawJSON.object(members).compactText), of: stream, at: now, id: id)
  }

  /// Writes a `$metadata` event of the server's own.
  @discardableResult
  mutating func writeMetadata(_ json: Bytes, of stream: StreamName, at now: Timestamp, id: EventID) -> Position {
    let event = ProposedEvent(id: id, type: .streamMetadata, isJSON: true, data: json)
    return write([event], to: stream.metadataStream, after: streams.lastNumber(stream.metadataStream), at: now)
  }
}

extension WriteOutcome {
  /// The outcome of a decision not to write.
  init(refusal decision: WriteDecision) {
    switch decision {
    case .write(let last, _), .wrongExpectedVersion(let last): self = .wrongExpectedVersion(current: last)
    case .repeated(let first, let last): self = .repeated(first: first, last: last)
    case .streamDeleted: self = .streamDeleted
    }
  }
}
