import EventStoreCore

/// The metadata that a stream has on the target.
struct TargetMetadata: Hashable, Sendable {
  /// The number of the newest event of the metadata stream.
  var number: EventNumber
  /// That event; nil when it cannot be read any more.
  var event: RecordedEvent?

  init(number: EventNumber, event: RecordedEvent?) {
    self.number = number
    self.event = event
  }

  /// What a backward read of one event of the metadata stream says; nil when it never had one.
  init?(_ page: StreamPage) {
    guard page.lastEventNumber >= 0 else { return nil }
    self.init(number: page.lastEventNumber, event: page.events.first?.received)
  }
}

/// What is done about a stream's metadata on the target, given those that it should have.
///
/// Something is written only over what the archive knows, or what a server wrote by itself: a soft delete, or the `$tb` of a
/// stream that was written again after one.
enum MetadataDecision: Hashable, Sendable {
  /// Write these.
  case write([ProposedEvent], expected: ExpectedVersion)
  /// They are there.
  case alreadyThere
  /// Something else is there, and stays.
  case conflict
  /// There should be none, and what the target has does not hide what was restored.
  case nothing

  /// - Parameters:
  ///   - wish: What the stream should have.
  ///   - archived: The archived versions; nil when there are none.
  ///   - target: What the target has; nil when it has none.
  ///   - isAhead: Whether the target has newer events of the stream than the archive.
  ///   - id: The id of an event that is not archived.
  static func about(
    _ wish: MetadataWish, archived: ArchivedMetadata?, target: TargetMetadata?, isAhead: Bool, id: EventID
  ) -> MetadataDecision {
    guard let last = wish.events.last else { return withoutWish(target, isAhead: isAhead, id: id) }
    guard let target else { return .write(wish.events, expected: .noStream) }
    guard let event = target.event else { return .conflict }
    if event.id == last.id { return .alreadyThere }
    let expected = ExpectedVersion.exactly(target.number)
    // Before the data are compared: an older version of a history can say what the last one says.
    if let place = wish.events.lastIndex(where: { $0.id == event.id }) {
      return .write(Array(wish.events[(place + 1)...]), expected: expected)
    }
    if event.data == last.data { return .alreadyThere }
    let content = MetadataContent(event.data)
    let isServerMade = content.isBare && content.hasTruncation
    let isKnown = isServerMade || archived.map { $0.holds(event.id) || $0.says(content) } ?? false
    return isKnown ? .write([last], expected: expected) : .conflict
  }

  /// A stream without metadata shows all its events; metadata without keys say the same.
  private static func withoutWish(
    _ target: TargetMetadata?, isAhead: Bool, id: EventID
  ) -> MetadataDecision {
    guard let target, let event = target.event else { return .nothing }
    let content = MetadataContent(event.data)
    guard content.isBare, content.hidesEvents, content.isSoftDelete || !isAhead else { return .nothing }
    let empty = ProposedEvent(id: id, type: .streamMetadata, isJSON: true, data: "{}")
    return .write([empty], expected: .exactly(target.number))
  }
}
