internal import CEventStoreProtos
internal import EventStoreCore

// Events, as answers and requests carry them.

extension MessageReading {
  /// Events with their links, as a read of a stream gives them: without positions.
  mutating func events(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Eventstore__ResolvedIndexedEvent>?>?, count: Int
  ) throws(WireError) -> [ResolvedEvent] {
    var events: [ResolvedEvent] = []
    events.reserveCapacity(count)
    for pointer in UnsafeBufferPointer(start: pointers, count: count) {
      guard let pointer else { continue }
      events.append(try event(pointer.pointee))
    }
    return events
  }

  /// Events with their links and positions, as a read of `$all` gives them.
  mutating func events(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Eventstore__ResolvedEvent>?>?, count: Int
  ) throws(WireError) -> [ResolvedEvent] {
    var events: [ResolvedEvent] = []
    events.reserveCapacity(count)
    for pointer in UnsafeBufferPointer(start: pointers, count: count) {
      guard let pointer else { continue }
      events.append(try event(pointer.pointee))
    }
    return events
  }

  /// - Throws: `unparsable` when there is neither an event nor a link.
  mutating func event(_ message: Eventstore__ResolvedIndexedEvent) throws(WireError) -> ResolvedEvent {
    guard message.event != nil || message.link != nil else { throw .emptyEvent }
    return ResolvedEvent(
      event: try recordedEvent(message.event, position: nil), link: try recordedEvent(message.link, position: nil))
  }

  /// The position belongs to what was read: to the link where there is one.
  /// - Throws: `unparsable` when there is neither an event nor a link.
  mutating func event(_ message: Eventstore__ResolvedEvent) throws(WireError) -> ResolvedEvent {
    guard message.event != nil || message.link != nil else { throw .emptyEvent }
    let position = Position(commit: message.commit_position, prepare: message.prepare_position)
    return ResolvedEvent(
      event: try recordedEvent(message.event, position: message.link == nil ? position : nil),
      link: try recordedEvent(message.link, position: position),
      position: position)
  }

  private mutating func recordedEvent(
    _ pointer: UnsafeMutablePointer<Eventstore__EventRecord>?, position: Position?
  ) throws(WireError) -> RecordedEvent? {
    guard let pointer else { return nil }
    let message = pointer.pointee
    return RecordedEvent(
      stream: streamName(message.event_stream_id), number: message.event_number, id: try eventID(message.event_id),
      type: eventType(message.event_type), isJSON: message.data_content_type == ContentType.json,
      data: bytes(message.data), metadata: bytes(message.metadata),
      created: Timestamp(dotNetTicks: message.created, milliseconds: message.created_epoch), position: position)
  }

  /// Events to be written.
  /// - Throws: `badEventID` and `emptyEventType`: servers answer both with BadRequest.
  mutating func proposedEvents(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Eventstore__NewEvent>?>?, count: Int
  ) throws(WireError) -> [ProposedEvent] {
    var events: [ProposedEvent] = []
    events.reserveCapacity(count)
    for pointer in UnsafeBufferPointer(start: pointers, count: count) {
      guard let pointer else { continue }
      events.append(try proposedEvent(pointer.pointee))
    }
    return events
  }

  private mutating func proposedEvent(_ message: Eventstore__NewEvent) throws(WireError) -> ProposedEvent {
    let id = try eventID(message.event_id)
    guard id != .zero else { throw WireError(.badEventID, "an event has an id of zeros") }
    guard message.event_type.len > 0 else { throw WireError(.emptyEventType, "event \(id) has no type") }
    return ProposedEvent(
      id: id, type: eventType(message.event_type), isJSON: message.data_content_type == ContentType.json,
      data: bytes(message.data), metadata: bytes(message.metadata))
  }

  /// Ids that stand alone.
  /// - Throws: `badEventID` when one has not 16 bytes.
  func eventIDs(_ fields: UnsafeMutablePointer<ProtobufCBinaryData>?, count: Int) throws(WireError) -> [EventID] {
    var ids: [EventID] = []
    ids.reserveCapacity(count)
    for field in UnsafeBufferPointer(start: fields, count: count) {
      ids.append(try eventID(field))
    }
    return ids
  }

  /// - Throws: `badEventID` when there are not 16 bytes.
  func eventID(_ field: ProtobufCBinaryData) throws(WireError) -> EventID {
    guard let id = EventID(dotNetBytes: field.memory) else {
      throw WireError(.badEventID, "an event has an id of \(field.len) bytes")
    }
    return id
  }
}

/// The numbers that say what data are; every other one means bytes.
enum ContentType {
  static let bytes: Int32 = 0
  static let json: Int32 = 1
}

extension Timestamp {
  /// The moment in .NET ticks; by its milliseconds since 1970 where a server sent no ticks, or the nearest that there is.
  fileprivate init(dotNetTicks: Int64, milliseconds: Int64) {
    if dotNetTicks == 0, milliseconds != 0 {
      let limit = Int64.max / Self.ticksPerMillisecond
      self.init(milliseconds: min(max(milliseconds, -limit), limit))
    } else {
      self.init(ticks: dotNetTicks &- Self.dotNetEpochTicks)
    }
  }
}

extension WireError {
  fileprivate static var emptyEvent: WireError {
    WireError(.unparsable, "the message holds an event without a record of it")
  }
}
