import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite struct StoreGroupTests {
  @Test("A stream's requests go over one connection, many streams over all, and together they are one server")
  func sharing() async throws {
    let logs = [EventLog(), EventLog(), EventLog()]
    let group = StoreGroup(logs.map { LogConnection($0) })
    for number in 0..<60 {
      let stream = StreamName("stream-\(number)")
      for expected: ExpectedVersion in [.noStream, .exactly(0)] {
        _ = try await group.append([Samples.event("x")], to: stream, expected: expected)
      }
      let page = try await group.readStream(stream, .forward, from: 0, maximumCount: 10, resolveLinks: false)
      #expect(page.events.count == 2)
    }
    for log in logs {
      let events = try await Samples.all(of: log)
      #expect(events.count > 10 && events.count.isMultiple(of: 2))
    }
  }
}
