import EventStoreCore

/// Reads what the target holds of a stream, with patience.
struct TargetReader: Sendable {
  let reader: any EventReader
  let patience: Patience

  /// The ends of a stream and of its metadata; with `isFull` the events up to the reference's last one too.
  ///
  /// - Parameters:
  ///   - isFiller: Whether an event only fills a hole in the numbers.
  ///   - count: Told how many events came.
  /// - Throws: `accessDenied`, `stalled`, `unexpectedAnswer`, `Interruption.stopped`, and the server's errors.
  func read(
    _ stream: StreamName, for reference: ReferenceStream, isFull: Bool, isFiller: (RecordedEvent) -> Bool,
    count: (Int) -> Void
  ) async throws -> TargetStream {
    var target = TargetStream(try await head(of: stream))
    guard target.status != .deleted else { return target }
    let metadata = try await head(of: stream.metadataStream)
    if let event = metadata.events.first?.received { target.metadata = ComparedMetadata(event.data) }
    guard isFull, target.status == .found, reference.tally.events > 0 else { return target }
    let numbering = Numbering(reference.tally, targetLast: target.last)
    let last = numbering.onTarget(reference.tally.last, index: reference.tally.events - 1)
    let events = StreamEvents(reader, stream, through: min(last, target.last), patience: patience)
    while let batch = try await events.next() {
      for event in batch { target.add(event, isFiller: isFiller(event)) }
      count(batch.count)
    }
    return target
  }

  /// Whether anything can be read of a stream, or its metadata say anything.
  func shows(_ stream: StreamName) async throws -> Bool {
    let page = try await head(of: stream)
    switch page.status {
    case .deleted: return false
    case .found: if page.lastEventNumber >= 0 { return true }
    case .noStream: break
    }
    guard page.lastEventNumber < 0, let event = try await head(of: stream.metadataStream).events.first?.received
    else { return false }
    return ComparedMetadata(event.data) != .none
  }

  private func head(of stream: StreamName) async throws -> StreamPage {
    try await patience("reading stream \(stream)") { [reader] in
      try await reader.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
    }
  }
}
