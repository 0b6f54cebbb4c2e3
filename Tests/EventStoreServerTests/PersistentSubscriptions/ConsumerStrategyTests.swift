import EventStoreCore
import EventStoreServer
import Testing

@Suite("Who gets an event") struct ConsumerStrategyTests {
  private typealias Conversation = ConsumerGroupConversation

  private func group(_ strategy: ConsumerStrategy, allowing counts: [Int], streamLength: Int) -> Conversation {
    var settings = Conversation.settings
    settings.strategy = strategy
    settings.startFrom = nil
    var group = Conversation(settings)
    for (index, count) in counts.enumerated() { _ = group.connect(index + 1, allowing: count) }
    group.streamLength = streamLength
    return group
  }

  @Test("RoundRobin takes turns, and passes over who has no room")
  func roundRobin() {
    var group = group(.roundRobin, allowing: [9, 1, 9], streamLength: 7)
    #expect(group.read().deliveries.map { $0[2] } == [1, 2, 3, 1, 3, 1, 3])
    #expect(group.ack([1], by: 2).isEmpty)
    #expect(Set(group.write(3).deliveries.map { $0[2] }) == [1, 2, 3])
  }

  @Test("DispatchToSingle stays with one consumer until it is full")
  func dispatchToSingle() {
    var group = group(.dispatchToSingle, allowing: [3, 9], streamLength: 5)
    #expect(group.read().deliveries.map { $0[2] } == [1, 1, 1, 2, 2])
    #expect(group.ack([0, 1, 2], by: 1).isEmpty)
    #expect(group.write(1).deliveries.map { $0[2] } == [2])
  }

  @Test("Pinned gives all events of a stream to one consumer, and uses every consumer")
  func pinned() {
    var group = group(.pinned, allowing: [1000, 1000, 1000], streamLength: 0)
    let actions = group.machine.liveRead(events(count: 300, streams: 30), nextPlace: 300, now: .zero)
    var owners: [StreamName: Set<Int>] = [:]
    for case .deliver(let event, _, let consumer) in actions {
      owners[event.event?.stream ?? "", default: []].insert(consumer.connection)
    }
    #expect(actions.count == 300 && owners.count == 30)
    #expect(owners.values.allSatisfy { $0.count == 1 })
    #expect(Set(owners.values.flatMap { $0 }) == [1, 2, 3])
  }

  @Test("Pinned moves only the streams of the one who left")
  func pinnedLeaving() {
    func owners(leaving: Int?) -> [StreamName: Int] {
      var group = group(.pinned, allowing: [1000, 1000, 1000], streamLength: 0)
      if let leaving { _ = group.machine.consumerLeft(Conversation.consumer(leaving), now: .zero) }
      var owners: [StreamName: Int] = [:]
      for case .deliver(let event, _, let consumer) in group.machine.liveRead(
        events(count: 30, streams: 30), nextPlace: 30, now: .zero)
      {
        owners[event.event?.stream ?? ""] = consumer.connection
      }
      return owners
    }
    let (before, after) = (owners(leaving: nil), owners(leaving: 2))
    #expect(before.values.contains(2) && !after.values.contains(2))
    #expect(before.allSatisfy { $0.value == 2 || after[$0.key] == $0.value })
  }

  @Test("With Pinned a full consumer holds up its own streams only, and no checkpoint passes what waits")
  func pinnedFull() {
    var group = group(.pinned, allowing: [1, 1000], streamLength: 0)
    let actions = group.machine.liveRead(events(count: 40, streams: 20), nextPlace: 40, now: .zero)
    let first = actions.deliveries.filter { $0[2] == 1 }
    #expect(first.count == 1)
    #expect(actions.count > 2)
    let sent = Set(actions.numbers)
    let waiting = (0..<40).filter { !sent.contains($0) }
    #expect(!waiting.isEmpty)
    let following = group.machine.acknowledged(
      [Conversation.id(first[0][0])], by: Conversation.consumer(1), now: .zero)
    #expect(following.numbers == [waiting[0]])
  }

  /// Links into so many streams, one after the other.
  private func events(count: Int, streams: Int) -> [ResolvedEvent] {
    (0..<count).map { number in
      let link = RecordedEvent(
        stream: "links", number: EventNumber(number), id: Conversation.id(number), type: .link, isJSON: false,
        data: Bytes("\(number)@s\(number % streams)"), created: Timestamp(ticks: 0))
      let target = RecordedEvent(
        stream: StreamName("s\(number % streams)"), number: EventNumber(number),
        id: EventID(high: 8, low: UInt64(number)),
        type: "t", isJSON: false, data: "", created: Timestamp(ticks: 0))
      return ResolvedEvent(event: target, link: link)
    }
  }
}
