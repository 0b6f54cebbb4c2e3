import EventStoreCore
import EventStoreTCP
import EventStoreWire
import Testing

@Suite("Event numbers of 64 bits", .timeLimit(.minutes(5)))
struct LargeNumberTests {
  private static let number = (EventNumber(1) << 31) + 5

  private static func event(_ number: EventNumber) -> ResolvedEvent {
    ResolvedEvent(
      event: RecordedEvent(
        stream: "s", number: number, id: id(1), type: "t", isJSON: false, data: "x", created: Timestamp(ticks: 0),
        position: nil))
  }

  /// Answers with the number that was asked for, so that it must have come whole.
  private static let echo: ScriptedServer.Script = { frame in
    switch frame.command {
    case .readEvent:
      guard let request = try? ReadEvent(frame) else { return [.close] }
      return [.answer(ReadEventCompleted(result: .success, event: event(request.eventNumber)), to: frame)]
    case .readStreamEventsForward:
      guard let request = try? ReadStreamEvents(frame) else { return [.close] }
      return [
        .answer(
          ReadStreamEventsCompleted(
            direction: .forward, result: .success, events: [event(request.fromEventNumber)],
            nextEventNumber: request.fromEventNumber + 1, lastEventNumber: request.fromEventNumber,
            isEndOfStream: true, lastCommitPosition: 0), to: frame)
      ]
    case .writeEvents:
      guard let request = try? WriteEvents(frame) else { return [.close] }
      return [
        .answer(
          WriteEventsCompleted(
            result: .success, firstEventNumber: request.expectedVersion + 1,
            lastEventNumber: request.expectedVersion + Int64(request.events.count),
            position: Position(commit: 1, prepare: 1), currentVersion: nil), to: frame)
      ]
    default: return []
    }
  }

  @Test("Row 40: 2^31 + 5 goes out and comes back: in a read, a page, an append, and where a catch-up begins")
  func outAndBack() async throws {
    try await withScriptedServer(Self.echo) { server in
      try await withStore(port: server.port) { store in
        guard case .found(let event) = try await store.readEvent("s", number: Self.number, resolveLinks: false) else {
          Issue.record("the event was not found")
          return
        }
        #expect(event.event?.number == 2_147_483_653)
        let page = try await store.readStream("s", .forward, from: Self.number, maximumCount: 1, resolveLinks: false)
        #expect(page.numbers == [Self.number] && page.nextEventNumber == Self.number + 1)
        #expect(page.lastEventNumber == Self.number)
        let result = try await store.append(events(2), to: "s", expected: .exactly(Self.number))
        #expect(result.firstEventNumber == Self.number + 1 && result.lastEventNumber == Self.number + 2)
        let feed = try await store.catchUp("s", after: Self.number, resolveLinks: false, pageSize: 10)
        let batch = try await feed.next()
        #expect(batch?.events.compactMap { $0.received?.number } == [Self.number + 1])
        await feed.close()
        #expect(try server.frames(.readEvent).map { try ReadEvent($0).eventNumber } == [2_147_483_653])
      }
    }
  }
}
