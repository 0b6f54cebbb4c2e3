import EventStoreCore
import EventStoreWire
import NIOCore
import Testing

@Suite("Messages")
struct MessageTests {
  private func payload(_ message: some WireMessage) -> ByteBuffer {
    var buffer = ByteBuffer()
    message.encode(into: &buffer)
    return buffer
  }

  private func event(_ number: EventNumber, in stream: StreamName, at position: Position? = nil) -> ResolvedEvent {
    let event = RecordedEvent(
      stream: stream, number: number, id: EventID(), type: "t", isJSON: true, data: Bytes("{\"n\":\(number)}"),
      metadata: "m", created: Timestamp(ticks: 17_000_000_000_000_000 + number), position: position)
    return ResolvedEvent(event: event, position: position)
  }

  @Test("An answer without any field is read as its defaults", arguments: MessageCatalog.types)
  func emptyAnswers(type: any WireMessage.Type) throws {
    let needAnEvent: [any WireMessage.Type] = [
      StreamEventAppeared.self, PersistentSubscriptionStreamEventAppeared.self,
    ]
    for command in type.commands {
      let frame = Frame(command: command, correlationID: EventID())
      if needAnEvent.contains(where: { $0 == type }) {
        #expect(throws: WireError.self) { try type.init(frame) }
      } else {
        let message = try type.init(frame)
        #expect(message.command == command)
      }
    }
  }

  @Test("A frame of another command is no such message")
  func otherCommand() {
    let error = #expect(throws: WireError.self) {
      try ReadEvent(Frame(command: .writeEvents, correlationID: EventID()))
    }
    #expect(error?.code == .unexpectedCommand)
  }

  @Test("Every command that has a message has a name, and no two messages share one")
  func names() {
    let commands = MessageCatalog.types.flatMap { $0.commands }
    #expect(Set(commands).count == commands.count)
    #expect(commands.allSatisfy { $0.name != nil })
  }

  @Test("The messages of newer servers come back as they were sent")
  func filteredMessages() throws {
    let filter = ServerFilter(subject: .streamName, kind: .prefixes, patterns: ["a-", "b-"])
    let read = FilteredReadAllEvents(
      direction: .backward, position: Position(commit: 9, prepare: 8), maximumCount: 10, maximumSearchWindow: 500,
      resolveLinks: true, requireLeader: false, filter: filter)
    #expect(try FilteredReadAllEvents(read.frame(correlationID: EventID())) == read)
    let position = Position(commit: 100, prepare: 99)
    let answer = FilteredReadAllEventsCompleted(
      direction: .forward, position: .start, events: [event(3, in: "a-1", at: position)], nextPosition: position,
      isEndOfStream: true)
    #expect(try FilteredReadAllEventsCompleted(answer.frame(correlationID: EventID())) == answer)
    let subscribe = FilteredSubscribeToStream(stream: "", resolveLinks: false, filter: filter, checkpointInterval: 32)
    #expect(try FilteredSubscribeToStream(decoding: payload(subscribe)) == subscribe)
    let checkpoint = CheckpointReached(position: position)
    #expect(try CheckpointReached(decoding: payload(checkpoint)) == checkpoint)
  }

  @Test("Names keep NUL and bytes that are not UTF-8")
  func oddNames() throws {
    let stream = StreamName(utf8: [0x61, 0x00, 0xFF, 0x62])
    let type = EventType(utf8: [0x00, 0xC3])
    let write = WriteEvents(
      stream: stream, expectedVersion: -3,
      events: [ProposedEvent(type: type, isJSON: false, data: Bytes([0, 1, 2]))], requireLeader: true)
    let decoded = try WriteEvents(decoding: payload(write))
    #expect(decoded == write)
    #expect(decoded.stream.utf8 == [0x61, 0x00, 0xFF, 0x62])
  }

  @Test("A page's payloads outlive the page and its frame")
  func lifetime() throws {
    func firstData() throws -> Bytes {
      let events = (0..<300).map { event($0, in: "s") }
      let page = ReadStreamEventsCompleted(
        direction: .forward, result: .success, events: events, nextEventNumber: 300, lastEventNumber: 299,
        isEndOfStream: true, lastCommitPosition: 1)
      return try #require(ReadStreamEventsCompleted(page.frame(correlationID: EventID())).events.last?.event?.data)
    }
    #expect(try firstData().description == "{\"n\":299}")
  }

  @Test("Events of many streams, more than are remembered, keep their names")
  func manyNames() throws {
    let events = (0..<3000).map { event($0, in: StreamName("stream-\($0 % 2100)"), at: .start) }
    let page = ReadAllEventsCompleted(direction: .forward, position: .start, events: events, nextPosition: .start)
    #expect(try ReadAllEventsCompleted(page.frame(correlationID: EventID())) == page)
  }

  @Test("The events of one stream share its name's memory")
  func sharedNames() throws {
    let events = (0..<10).flatMap { [event($0, in: "even"), event($0, in: "odd")] }
    let page = ReadStreamEventsCompleted(
      direction: .forward, result: .success, events: events, nextEventNumber: 0, lastEventNumber: 0,
      isEndOfStream: true, lastCommitPosition: 1)
    let decoded = try ReadStreamEventsCompleted(page.frame(correlationID: EventID()))
    let addresses = decoded.events.compactMap { $0.event?.stream.utf8.withUnsafeBufferPointer { $0.baseAddress } }
    #expect(addresses.count == 20)
    #expect(Set(addresses).count == 2)
  }

  @Test("A server that sends no ticks is believed its milliseconds")
  func milliseconds() throws {
    // ReadEventCompleted { event { event { event_id: 16 bytes, created_epoch: 1000 } } }
    let record: [UInt8] = [0x1A, 16] + Array(repeating: 7, count: 16) + [0x50, 0xE8, 0x07]
    let indexed: [UInt8] = [0x0A, UInt8(record.count)] + record
    let bytes: [UInt8] = [0x12, UInt8(indexed.count)] + indexed
    let answer = try ReadEventCompleted(decoding: ByteBuffer(bytes: bytes))
    #expect(answer.event?.event?.created == Timestamp(milliseconds: 1000))
    #expect(answer.event?.event?.created.precision == .milliseconds)
  }

  @Test(
    "A date comes back as it was sent, with its precision",
    arguments: [
      Timestamp(ticks: 17_000_000_000_000_000), Timestamp(milliseconds: 1_700_000_000_123), Timestamp(milliseconds: -1),
      Timestamp(ticks: 0), Timestamp(ticks: -Timestamp.dotNetEpochTicks), Timestamp(ticks: .max),
      Timestamp(ticks: .min),
    ])
  func dates(created: Timestamp) throws {
    var event = event(3, in: "s")
    event.event?.created = created
    let page = ReadStreamEventsCompleted(
      direction: .forward, result: .success, events: [event], nextEventNumber: 4, lastEventNumber: 3,
      isEndOfStream: true, lastCommitPosition: 1)
    #expect(try ReadStreamEventsCompleted(page.frame(correlationID: EventID())) == page)
  }

  @Test("Milliseconds beyond all dates are the last or the first there is", arguments: [Int64.max, .min])
  func endlessMilliseconds(milliseconds: Int64) throws {
    // ReadEventCompleted { event { event { event_id: 16 bytes, created_epoch: … } } }
    var record: [UInt8] = [0x1A, 16] + Array(repeating: 7, count: 16) + [0x50]
    var rest = UInt64(bitPattern: milliseconds)
    while rest >= 0x80 {
      record.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    record.append(UInt8(rest))
    let indexed: [UInt8] = [0x0A, UInt8(record.count)] + record
    let answer = try ReadEventCompleted(
      decoding: ByteBuffer(bytes: [0x12, UInt8(indexed.count)] + indexed), command: .readEventCompleted)
    let created = try #require(answer.event?.event?.created)
    #expect(created.precision == .milliseconds && (created.ticks > 0) == (milliseconds > 0))
    #expect(try ReadEventCompleted(answer.frame(correlationID: EventID())) == answer)
  }

  @Test("A value that a field cannot have is an error, not a guess")
  func unknownValue() {
    let error = #expect(throws: WireError.self) { try WriteEventsCompleted(decoding: ByteBuffer(bytes: [0x08, 99])) }
    #expect(error?.code == .unknownValue)
  }

  @Test("An event without a record of it is an error, except where a read found none")
  func emptyEvent() throws {
    let error = #expect(throws: WireError.self) {
      try ReadStreamEventsCompleted(
        decoding: ByteBuffer(bytes: [0x0A, 0x00]), command: .readStreamEventsForwardCompleted)
    }
    #expect(error?.code == .unparsable)
    #expect(throws: WireError.self) { try StreamEventAppeared(decoding: ByteBuffer(bytes: [0x0A, 0x00])) }
    #expect(try ReadEventCompleted(decoding: ByteBuffer(bytes: [0x12, 0x00])).event == nil)
  }

  @Test("A message that would take far more memory than its size is refused")
  func memoryBudget() {
    // Events without fields: two bytes on the wire, a hundred in memory.
    var bytes = ByteBuffer()
    for _ in 0..<2_000_000 { bytes.writeBytes([0x0A, 0x02, 0x0A, 0x00]) }
    let error = #expect(throws: WireError.self) {
      try ReadStreamEventsCompleted(decoding: bytes, command: .readStreamEventsForwardCompleted)
    }
    #expect(error?.code == .unparsable)
  }
}
