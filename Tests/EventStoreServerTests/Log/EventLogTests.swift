import EventStoreCore
import EventStoreServer
import Testing

@Suite struct EventLogTests {
  @Test("Many writers and a reader at once: every stream is whole and in order, and $all has every event once")
  func concurrency() async {
    let log = EventLog()
    let writers = 8
    let appends = 200
    await withTaskGroup { group in
      for writer in 0..<writers {
        group.addTask {
          for number in 0..<appends {
            let event = ProposedEvent(type: "t", isJSON: false, data: Bytes("\(number)"))
            let expected = number == 0 ? ExpectedVersion.noStream : .exactly(EventNumber(number - 1))
            guard case .written = log.append([event], to: StreamName("w\(writer)"), expected: expected, by: nil) else {
              Issue.record("an append was refused")
              return
            }
          }
        }
      }
      group.addTask {
        while log.eventCount < writers * appends {
          _ = log.readAll(.backward, from: .end, maximumCount: 100, resolveLinks: false, by: .system)
          await Task.yield()
        }
      }
    }
    let all = log.readAll(.forward, from: .start, maximumCount: 4096, resolveLinks: false, by: .system)
    guard case .found(let page) = all.outcome else {
      Issue.record("$all cannot be read")
      return
    }
    #expect(page.events.count == writers * appends)
    for writer in 0..<writers {
      let texts = page.events.filter { $0.event?.stream == StreamName("w\(writer)") }
        .compactMap { $0.event?.data.description }
      #expect(texts == (0..<appends).map { "\($0)" })
    }
  }

  @Test("An observer is told of new events, not of what was refused or repeated, and not after it has stopped")
  func observers() {
    let log = EventLog()
    let calls = Locked(0)
    let observation = log.observe { calls.withLock { $0 += 1 } }
    let event = ProposedEvent(type: "t", isJSON: false, data: "x")
    _ = log.append([event], to: "s", expected: .noStream, by: nil)
    #expect(calls.withLock { $0 } == 1)
    _ = log.append([event], to: "s", expected: .noStream, by: nil)
    _ = log.append([event], to: "s", expected: .exactly(7), by: nil)
    _ = log.append([event], to: "$s", expected: .any, by: nil)
    #expect(calls.withLock { $0 } == 1)
    _ = log.delete("s", expected: .any, hard: false, by: nil)
    #expect(calls.withLock { $0 } == 2)
    log.stopObserving(observation)
    log.stopObserving(observation)
    _ = log.append([], to: "s", expected: .any, by: nil)
    #expect(calls.withLock { $0 } == 2)
  }

  @Test("Live events are found however many others lie between, a bounded number at a time")
  func liveEvents() {
    let log = EventLog()
    _ = log.append([ProposedEvent(type: "t", isJSON: false, data: "a")], to: "quiet", expected: .any, by: nil)
    for _ in 0..<6 {
      let noise = (0..<4000).map { _ in ProposedEvent(type: "t", isJSON: false, data: "n") }
      _ = log.append(noise, to: "loud", expected: .any, by: nil)
    }
    _ = log.append([ProposedEvent(type: "t", isJSON: false, data: "b")], to: "quiet", expected: .any, by: nil)
    var place = 0
    var found: [String] = []
    var looks = 0
    while true {
      let live = log.liveEvents(from: place, in: "quiet", resolveLinks: false, maximumCount: 10)
      looks += 1
      found += live.events.compactMap { $0.event?.data.description }
      place = live.nextPlace
      if live.isAtEnd { break }
    }
    #expect(found == ["a", "b"])
    #expect(looks == 3)
    #expect(log.liveEvents(from: 0, in: "", resolveLinks: false, maximumCount: 10).events.count == 10)
  }

  @Test("A server's log tells of its users, and never of their passwords")
  func users() {
    let log = EventLog(users: ServerUser.defaults + [ServerUser(name: "a\"b", password: "s3cret", groups: ["g"])])
    let all = log.readAll(.forward, from: .start, maximumCount: 100, resolveLinks: false, by: .system)
    guard case .found(let page) = all.outcome else {
      Issue.record("$all cannot be read")
      return
    }
    #expect(page.events.count == 6)
    let texts = page.events.compactMap { $0.event?.data.description }
    #expect(texts.contains("{\"loginName\":\"a\\\"b\",\"fullName\":\"a\\\"b\",\"groups\":[\"g\"],\"disabled\":false}"))
    #expect(!texts.contains { $0.contains("s3cret") || $0.contains("changeit") })
  }
}
