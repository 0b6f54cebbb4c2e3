import GoldenTraffic
import Testing

@testable import EventStoreServer

@Suite("Statistics of groups") struct GroupStatisticsTests {
  private typealias Conversation = ConsumerGroupConversation

  /// Numbers that a real server gave and ours does not, and why.
  static let deviations: [String: String] = [
    "persistent_manage-s neg":
      "a buffer too small for anything holds one event here, so the group is not behind for ever",
    "persistent_manage-s small": "as neg",
  ]

  @Test("After the recorded scenarios every group has the recorded numbers")
  func recorded() throws {
    let recorded = try #require(try HTTPRecording.json(named: "subscriptions.json").array)
    var compared = 0
    for scenario in try Recording.names where scenario.hasPrefix("persistent_") {
      var replay = Replay(try .named(scenario), ConformanceTests.circumstances[scenario] ?? .init())
      _ = try replay.run()
      let ours = Dictionary(uniqueKeysWithValues: replay.groupNumbers().map { ($0.name, $0.numbers) })
      for group in recorded where group["eventStreamId"]?.string?.hasPrefix(scenario) == true {
        let name = "\(group["eventStreamId"]?.string ?? "") \(group["groupName"]?.string ?? "")"
        let numbers = [
          group["status"]?.string ?? "", "\(group["totalItemsProcessed"]?.integer ?? -9)",
          "\(group["lastProcessedEventNumber"]?.integer ?? -9)", "\(group["lastKnownEventNumber"]?.integer ?? -9)",
          "\(group["connectionCount"]?.integer ?? -9)", "\(group["totalInFlightMessages"]?.integer ?? -9)",
        ]
        compared += 1
        if Self.deviations[name] == nil {
          #expect(ours[name] == numbers, "\(name)")
        } else {
          #expect(ours[name] != nil && ours[name] != numbers, "a deviation that is none: \(name)")
        }
      }
    }
    #expect(compared == recorded.count && compared > 20)
  }

  @Test("What was sent is counted, repeats too, and the pace is measured from look to look")
  func pace() {
    var group = Conversation(Conversation.settings, streamLength: 6)
    _ = group.connect(1, allowing: 4)
    _ = group.refuse([0], .retry)
    group.now = .seconds(2)
    let first = group.machine.statistics(now: group.now).items
    #expect(first == ItemCounter.Measurement(total: 5, sinceLastMeasurement: 5, perSecond: 3))
    _ = group.ack([1])
    group.now = .seconds(3)
    let second = group.machine.statistics(now: group.now).items
    #expect(second == ItemCounter.Measurement(total: 6, sinceLastMeasurement: 1, perSecond: 1))
    // Two looks at one moment do not divide by nothing.
    #expect(group.machine.statistics(now: group.now).items.perSecond == 0)
  }

  @Test("Waiting events, those on their way, and each consumer's room are told")
  func rooms() {
    var group = Conversation(Conversation.settings, streamLength: 10)
    _ = group.connect(1, allowing: 3)
    _ = group.connect(2, allowing: 2)
    _ = group.ack([0])
    _ = group.does { $0.consumerLeft(Conversation.consumer(2), now: $1) }
    let statistics = group.machine.statistics(now: .seconds(1))
    #expect(statistics.inFlightCount == 3)
    #expect(statistics.retryCount == 2 && statistics.readAheadCount == 4)
    #expect(statistics.consumers.map(\.inFlightCount) == [3] && statistics.consumers.map(\.availableCount) == [0])
    #expect(statistics.consumers.map(\.items.total) == [4])
    #expect(statistics.lastRead == 9 && statistics.checkpoint == -1 && statistics.nextOfHistory == nil)
  }
}
