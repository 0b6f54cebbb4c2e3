import EventStoreCore

/// The consumers of a group, in the order of their turns, and how much room each has.
struct ConsumerQueue {
  private struct Consumer {
    let id: ConsumerID
    let allowedInFlight: Int
    /// Tells consumers apart where a strategy spreads streams over them.
    let seed: UInt64
    var inFlight = 0
    var items: ItemCounter

    var hasRoom: Bool { inFlight < allowedInFlight }
  }

  /// Who gets an event.
  enum Choice: Equatable {
    case consumer(ConsumerID)
    /// The one it is for has no room; another event may find some.
    case later
    /// Nobody has room.
    case nobody
  }

  /// More than this is never on its way to one consumer, whatever it allows: it bounds what waits for a slow one.
  static let largestInFlight = 5000

  private let strategy: ConsumerStrategy
  private var consumers: [Consumer] = []
  private var lastSeed: UInt64 = 0

  init(_ strategy: ConsumerStrategy) {
    self.strategy = strategy
  }

  var count: Int { consumers.count }
  var isEmpty: Bool { consumers.isEmpty }
  var hasRoom: Bool { consumers.contains(where: \.hasRoom) }
  var ids: [ConsumerID] { consumers.map(\.id) }

  func contains(_ id: ConsumerID) -> Bool { consumers.contains { $0.id == id } }

  mutating func add(_ id: ConsumerID, allowedInFlight: Int, now: Duration) {
    lastSeed += 1
    let allowed = min(allowedInFlight, Self.largestInFlight)
    consumers.append(
      Consumer(id: id, allowedInFlight: allowed, seed: lastSeed, items: ItemCounter(now: now)))
  }

  /// What each has to do, and how fast it gets it.
  mutating func statistics(now: Duration) -> [GroupStatistics.Consumer] {
    consumers.indices.map { index in
      let consumer = consumers[index]
      return GroupStatistics.Consumer(
        id: consumer.id, items: consumers[index].items.measure(now: now),
        availableCount: max(0, consumer.allowedInFlight - consumer.inFlight), inFlightCount: consumer.inFlight)
    }
  }

  mutating func remove(_ id: ConsumerID) {
    consumers.removeAll { $0.id == id }
  }

  /// An event that was on its way to this consumer is no longer.
  mutating func freed(_ id: ConsumerID) {
    guard let index = consumers.firstIndex(where: { $0.id == id }) else { return }
    consumers[index].inFlight -= 1
  }

  /// Chooses who gets this event, and counts it as on its way.
  mutating func choose(for event: ResolvedEvent) -> Choice {
    switch strategy {
    case .roundRobin:
      guard let index = consumers.firstIndex(where: \.hasRoom) else { return .nobody }
      let id = taken(index)
      // Those that were passed over and the one that was chosen go to the end, in this order.
      consumers.append(contentsOf: consumers[...index])
      consumers.removeFirst(index + 1)
      return .consumer(id)
    case .dispatchToSingle:
      guard let index = consumers.firstIndex(where: \.hasRoom) else { return .nobody }
      let id = taken(index)
      // Full ones go to the end: whoever is first stays first until it is full.
      consumers.append(contentsOf: consumers[..<index])
      consumers.removeFirst(index)
      return .consumer(id)
    case .pinned:
      guard consumers.contains(where: \.hasRoom) else { return .nobody }
      guard let index = owner(of: event.pinningStream), consumers[index].hasRoom else { return .later }
      return .consumer(taken(index))
    }
  }

  private mutating func taken(_ index: Int) -> ConsumerID {
    consumers[index].inFlight += 1
    consumers[index].items.add()
    return consumers[index].id
  }

  /// The consumer whose mix with the stream's name is largest: when one comes or goes, only its streams move.
  private func owner(of stream: StreamName) -> Int? {
    let hash = stream.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    return consumers.indices.max { Self.mix(hash, consumers[$0].seed) < Self.mix(hash, consumers[$1].seed) }
  }

  private static func mix(_ hash: UInt64, _ seed: UInt64) -> UInt64 {
    var value = hash ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}

extension ResolvedEvent {
  /// The stream that the event was written to first: of a link, even a dead one, its target's.
  fileprivate var pinningStream: StreamName {
    guard let event = event ?? link else { return "" }
    guard event.isLink, let target = LinkTarget(event.data) else { return event.stream }
    return target.stream
  }
}
