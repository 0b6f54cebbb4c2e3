import EventStoreCore
import GoldenTraffic
import Testing

@testable import EventStoreServer

@Suite("Demo events")
struct DemoEventsTests {
  @Test("The same count and seed give the same operations, another seed gives others")
  func deterministic() {
    let first = Array(DemoEvents(count: 3000, seed: 7))
    #expect(first == Array(DemoEvents(count: 3000, seed: 7)))
    #expect(first != Array(DemoEvents(count: 3000, seed: 8)))
  }

  @Test("The random numbers are those of SplitMix64")
  func randomNumbers() {
    var random = DemoRandom(seed: 1_234_567)
    let published: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
    ]
    #expect(published.map { _ in random.next() } == published)
  }

  @Test("It leaves exactly as many events as were asked for", arguments: [0, 1, 2, 13, 57, 100, 2500])
  func exactCount(count: Int) {
    var softDeleted: Set<StreamName> = []
    var total = 0
    for operation in DemoEvents(count: count) {
      switch operation {
      case .append(let stream, let events, _):
        #expect(!events.isEmpty)
        total += events.count + (softDeleted.remove(stream) == nil ? 0 : 1)
      case .softDelete(let stream, _):
        softDeleted.insert(stream)
        total += 1
      case .hardDelete: total += 1
      }
    }
    #expect(total == count)
  }

  @Test("A hundred events show every kind of thing")
  func variety() {
    let operations = Array(DemoEvents(count: 100))
    let appends = operations.compactMap { operation -> (stream: StreamName, events: [ProposedEvent])? in
      guard case .append(let stream, let events, _) = operation else { return nil }
      return (stream, events)
    }
    let events = appends.flatMap(\.events)
    #expect(operations.contains { if case .softDelete = $0 { true } else { false } })
    #expect(operations.contains { if case .hardDelete = $0 { true } else { false } })
    #expect(events.contains { $0.type == .link })
    #expect(appends.contains { $0.stream.isMetadataStream && $0.events[0].data.description.contains("$maxCount") })
    #expect(appends.contains { $0.stream.isMetadataStream && $0.events[0].data.description.contains("$acl") })
    #expect(events.contains { String(validating: $0.data, as: UTF8.self) == nil })
    #expect(events.contains { $0.data.description.hasPrefix("{\n  ") })
    #expect(appends.contains { $0.stream.utf8.contains { $0 > 0x7F } || $0.stream.utf8.contains(0x20) })
    #expect(Set(events.map(\.type)).count > 10)
    #expect(appends.contains { $0.events.count > 1 })
  }

  @Test("What is marked as JSON is JSON, ids are unique, times never go back, deleted streams stay silent")
  func wellFormed() throws {
    var ids: Set<EventID> = []
    var last = DemoEvents.opening
    var deleted: Set<StreamName> = []
    for operation in DemoEvents(count: 20_000, seed: 3) {
      switch operation {
      case .append(let stream, let events, let moment):
        #expect(!deleted.contains(stream))
        #expect(moment >= last)
        last = moment
        for event in events {
          #expect(ids.insert(event.id).inserted)
          if event.isJSON { _ = try JSONValue(parsing: event.data) }
          if !event.metadata.isEmpty { #expect(try JSONValue(parsing: event.metadata)["correlationId"] != nil) }
        }
      case .softDelete(_, let moment):
        #expect(moment >= last)
        last = moment
      case .hardDelete(let stream, let moment):
        #expect(moment >= last)
        last = moment
        #expect(deleted.insert(stream).inserted)
      }
    }
    #expect(!deleted.isEmpty)
  }
}
