package import EventStoreCore

/// One group of a persistent subscription: what goes to whom, what comes again, and how far it has come.
///
/// Reads what it says it needs, hands each event to one consumer, and waits for its acknowledgement. An event that is not
/// acknowledged in time, that a consumer gave back, or whose consumer left, goes first to whoever has room; after too many
/// attempts it is parked. docs/PERSISTENT-SUBSCRIPTIONS.md says what of this a real server was seen to do.
package struct ConsumerGroupStateMachine {
  /// What has to be done.
  package enum Action: Hashable, Sendable {
    /// Send this event to this consumer.
    case deliver(ResolvedEvent, retryCount: Int, to: ConsumerID)
    /// Put this event aside, for this reason.
    case park(ResolvedEvent, reason: String)
    /// Everything up to this number is done with: write it down.
    case writeCheckpoint(EventNumber)
    /// Everything parked before this number was handed out anew and is done with: it can go.
    case clearParked(before: EventNumber)
    /// Tell this consumer that its subscription has ended.
    case drop(ConsumerID)
  }

  /// What to read next.
  package enum Need: Hashable, Sendable {
    /// A page of the stream.
    case page(from: EventNumber, maximumCount: Int)
    /// What the log got after this place.
    case live(from: Int, maximumCount: Int)
    /// Events that are parked, and to be handed out anew.
    case parked(from: EventNumber, maximumCount: Int)
  }

  /// What a consumer wants done with an event that it could not process.
  package enum Refusal: Hashable, Sendable {
    case retry
    case park
    /// Forget it. A consumer that says "stop" is treated so too, as by 4.1.4.
    case skip
  }

  struct Entry {
    let event: ResolvedEvent
    let id: EventID
    /// Its number in the stream; of one that was parked, in the group's parked stream.
    let number: EventNumber
    let wasParked: Bool
    var retryCount = 0
  }

  struct InFlight {
    let entry: Entry
    let consumer: ConsumerID
    let sent: Duration
  }

  package let settings: GroupSettings
  var source: GroupSource
  var consumers: ConsumerQueue
  /// Events that were read and sent to nobody, by number.
  var fresh: [Entry] = []
  /// Events that have to be sent again, by number.
  var retries: [Entry] = []
  /// Events that were parked and wait to be sent, by number.
  var unparked: [Entry] = []
  var replay = ParkedReplay()
  private var inFlight: [EventID: InFlight] = [:]
  private var lastSent: EventNumber = -1
  var lastRead: EventNumber = -1
  private(set) var checkpoint: EventNumber
  private var checkpointTime: Duration
  var items: ItemCounter

  /// A group that begins, or goes on after a checkpoint.
  /// - Parameter place: how far the log has come.
  package init(_ settings: GroupSettings, checkpoint: EventNumber?, place: Int, now: Duration) {
    self.settings = settings
    if let checkpoint {
      source = GroupSource(from: checkpoint == .max ? .max : checkpoint + 1)
    } else {
      source = settings.startFrom.map { GroupSource(from: $0) } ?? GroupSource(after: place)
    }
    self.checkpoint = checkpoint ?? -1
    checkpointTime = now
    items = ItemCounter(now: now)
    consumers = ConsumerQueue(settings.strategy)
  }

  /// Whether no more consumers are taken.
  package var isFull: Bool { settings.maximumConsumerCount.map { consumers.count >= $0 } ?? false }

  /// What to read; nil while there is nobody to read for, or enough was read.
  package var need: Need? {
    guard !consumers.isEmpty else { return nil }
    if let parked = parkedNeed { return parked }
    guard fresh.count < settings.bufferSize else { return nil }
    let room = min(settings.readBatchSize, settings.bufferSize - fresh.count)
    return source.need(maximumCount: room)
  }

  /// A page came; nil where there is no such stream.
  /// - Parameter place: how far the log had come before the page was read.
  package mutating func pageRead(_ page: StreamPage?, place: Int, now: Duration) -> [Action] {
    add(source.pageRead(page, place: place))
    return push(now)
  }

  /// The log was read on.
  package mutating func liveRead(_ events: [ResolvedEvent], nextPlace: Int, now: Duration) -> [Action] {
    add(source.liveRead(events, nextPlace: nextPlace))
    return push(now)
  }

  /// A consumer came; one with the same id leaves before.
  package mutating func consumerConnected(_ id: ConsumerID, allowedInFlight: Int, now: Duration) -> [Action] {
    let actions = consumers.contains(id) ? consumerLeft(id, now: now) : []
    consumers.add(id, allowedInFlight: allowedInFlight, now: now)
    return actions + push(now)
  }

  /// A consumer went away: what it had not acknowledged goes to the others.
  package mutating func consumerLeft(_ id: ConsumerID, now: Duration) -> [Action] {
    consumers.remove(id)
    let lost = inFlight.values.filter { $0.consumer == id }.map(\.entry)
    return sendAgain(lost) + push(now)
  }

  /// A consumer has processed events. What is not on its way to this one is none of its business.
  package mutating func acknowledged(_ ids: [EventID], by consumer: ConsumerID, now: Duration) -> [Action] {
    for id in ids where inFlight[id]?.consumer == consumer { finish(land(id)) }
    return clearIfDue(isTimeUp: false) + checkpointIfDue(isTimeUp: false, now) + push(now)
  }

  /// A consumer could not process events.
  package mutating func refused(
    _ ids: [EventID], _ refusal: Refusal, reason: String, by consumer: ConsumerID, now: Duration
  ) -> [Action] {
    var actions: [Action] = []
    for id in ids where inFlight[id]?.consumer == consumer {
      switch refusal {
      case .retry: if let entry = inFlight[id]?.entry { actions += sendAgain([entry]) }
      case .park:
        guard let entry = land(id) else { continue }
        actions.append(.park(entry.event, reason: reason))
        finish(entry)
      case .skip: finish(land(id))
      }
    }
    return actions + clearIfDue(isTimeUp: false) + checkpointIfDue(isTimeUp: false, now) + push(now)
  }

  /// Time has passed: what was not acknowledged in time is sent again, and a checkpoint may be due.
  package mutating func timePassed(now: Duration) -> [Action] {
    var actions: [Action] = []
    if let timeout = settings.messageTimeout {
      actions += sendAgain(inFlight.values.filter { now - $0.sent >= timeout }.map(\.entry))
    }
    return actions + push(now) + clearIfDue(isTimeUp: true) + checkpointIfDue(isTimeUp: true, now)
  }

  /// The group ends: it was deleted, or begins anew with other settings.
  package mutating func ended() -> [Action] {
    let actions = consumers.ids.map { Action.drop($0) }
    self.consumers = ConsumerQueue(settings.strategy)
    inFlight = [:]
    (fresh, retries, unparked) = ([], [], [])
    return actions
  }

  private mutating func add(_ events: [ResolvedEvent]) {
    for event in events {
      guard let received = event.received else { continue }
      fresh.append(Entry(event: event, id: received.id, number: received.number, wasParked: false))
      lastRead = max(lastRead, received.number)
    }
  }

  /// The event is no longer on its way.
  private mutating func land(_ id: EventID) -> Entry? {
    guard let landed = inFlight.removeValue(forKey: id) else { return nil }
    consumers.freed(landed.consumer)
    return landed.entry
  }

  /// The event is done with.
  private mutating func finish(_ entry: Entry?) {
    if let entry, entry.wasParked { replay.finished(entry.number) }
  }

  /// Lets events wait to be sent again; parks those that were sent too often.
  private mutating func sendAgain(_ entries: [Entry]) -> [Action] {
    var actions: [Action] = []
    for var entry in entries.sorted(by: { $0.number < $1.number }) {
      _ = land(entry.id)
      guard entry.retryCount < settings.maximumRetryCount else {
        actions.append(.park(entry.event, reason: "Reached retry count of \(settings.maximumRetryCount)"))
        finish(entry)
        continue
      }
      entry.retryCount += 1
      let queue = entry.wasParked ? \Self.unparked : \Self.retries
      let index = self[keyPath: queue].firstIndex { $0.number > entry.number } ?? self[keyPath: queue].endIndex
      self[keyPath: queue].insert(entry, at: index)
    }
    return actions
  }

  /// Hands out what consumers have room for: first what comes again, then what was parked.
  mutating func push(_ now: Duration) -> [Action] {
    var actions: [Action] = []
    if consumers.hasRoom { retries = push(retries, &actions, now) }
    if consumers.hasRoom { unparked = push(unparked, &actions, now) }
    if consumers.hasRoom { fresh = push(fresh, &actions, now) }
    return actions
  }

  /// Hands out entries; those that remain.
  private mutating func push(_ entries: [Entry], _ actions: inout [Action], _ now: Duration) -> [Entry] {
    var kept: [Entry] = []
    for (index, entry) in entries.enumerated() {
      // Two events of a stream can have one id: they can be told apart only one after the other.
      if inFlight[entry.id] != nil {
        kept.append(entry)
        continue
      }
      switch consumers.choose(for: entry.event) {
      case .nobody: return kept + entries[index...]
      case .later: kept.append(entry)
      case .consumer(let id):
        inFlight[entry.id] = InFlight(entry: entry, consumer: id, sent: now)
        if !entry.wasParked { lastSent = max(lastSent, entry.number) }
        items.add()
        actions.append(.deliver(entry.event, retryCount: entry.retryCount, to: id))
      }
    }
    return kept
  }

  private mutating func checkpointIfDue(isTimeUp: Bool, _ now: Duration) -> [Action] {
    let isDue = isTimeUp && now - checkpointTime >= settings.checkpointAfter
    let (least, most) = (settings.minimumCheckpointCount, settings.maximumCheckpointCount)
    let count = isDue ? min(least, most) : most
    // The cheap look first: nothing can be done with that was not sent.
    guard isAhead(lastSent, by: count) else { return [] }
    let done = self.done
    guard isAhead(done, by: count) else { return [] }
    checkpoint = done
    checkpointTime = now
    return [.writeCheckpoint(done)]
  }

  /// Whether a number is so far beyond the checkpoint; a tombstone's is beyond everything.
  private func isAhead(_ number: EventNumber, by count: Int64) -> Bool {
    let (distance, isHuge) = number.subtractingReportingOverflow(checkpoint)
    return isHuge || distance >= count
  }

  /// The number up to which every event is done with.
  private var done: EventNumber {
    var lowest = lastSent == .max ? EventNumber.max : lastSent + 1
    let onTheirWay = inFlight.values.lazy.filter { !$0.entry.wasParked }
    if let number = onTheirWay.map(\.entry.number).min() { lowest = min(lowest, number) }
    if let number = retries.first?.number { lowest = min(lowest, number) }
    if let number = fresh.first?.number { lowest = min(lowest, number) }
    return lowest - 1
  }
}
