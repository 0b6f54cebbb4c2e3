import EventStoreCore

/// Deletes.
extension MemoryLog {
  /// Deletes a stream: soft by a `$metadata` event, hard by a tombstone; `streamExists` is no expected version of a delete.
  ///
  /// - Parameter serverID: the id of the event that the server writes.
  mutating func delete(
    _ stream: StreamName, expected: ExpectedVersion, hard: Bool, by principal: Principal?, at now: Timestamp,
    serverID: EventID
  ) -> WriteOutcome {
    guard allows(.delete, to: stream, by: principal) else { return .accessDenied }
    // The id is new, so a delete is never taken for a repeat.
    let decision = decide(CollectionOfOne(serverID), stream: stream, expected: expected)
    guard case .write(let last, _) = decision else { return WriteOutcome(refusal: decision) }
    guard hard else {
      let position = writeMetadata(StreamMetadata.softDeleted, of: stream, at: now, id: serverID)
      return .written(first: last + 1, last: last, position: position)
    }
    let index = streams.findOrAdd(stream)
    let tombstone = ProposedEvent(id: serverID, type: .tombstone, isJSON: false, data: Bytes())
    let place = store.append(tombstone, stream: index, name: stream, number: .deleted, at: now)
    streams.delete(index)
    return .written(first: .deleted, last: .deleted, position: store.records[place].position)
  }
}
