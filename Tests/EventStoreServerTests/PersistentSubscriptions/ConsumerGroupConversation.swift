import EventStoreCore
import EventStoreServer

/// A conversation with the machine of a group over a stream of numbered events: reads are answered, time is told.
struct ConsumerGroupConversation {
  typealias Action = ConsumerGroupStateMachine.Action

  var machine: ConsumerGroupStateMachine
  var now = Duration.zero
  /// How many events the stream has; their numbers begin at 0.
  var streamLength: Int
  /// How many pages and looks at the log were asked for.
  private(set) var reads = 0
  /// The numbers of the events that are parked, in the order of the parked stream.
  var parked: [Int] = []

  init(_ settings: GroupSettings, streamLength: Int = 0, checkpoint: EventNumber? = nil) {
    machine = ConsumerGroupStateMachine(settings, checkpoint: checkpoint, place: streamLength, now: .zero)
    self.streamLength = streamLength
  }

  /// Settings that parks and checkpoints do not disturb.
  static var settings: GroupSettings {
    var settings = GroupSettings()
    settings.minimumCheckpointCount = 1_000_000
    settings.maximumCheckpointCount = 1_000_000
    return settings
  }

  static func consumer(_ number: Int) -> ConsumerID {
    ConsumerID(connection: number, correlationID: id(number))
  }

  static func id(_ number: Int) -> EventID { EventID(high: 7, low: UInt64(number)) }

  func event(_ number: Int) -> ResolvedEvent {
    ResolvedEvent(
      event: RecordedEvent(
        stream: "s", number: EventNumber(number), id: Self.id(number), type: "t", isJSON: false, data: "",
        created: Timestamp(ticks: 0)))
  }

  /// A parked event: a link to it, with an id of its own.
  func parkedEvent(_ index: Int) -> ResolvedEvent {
    let link = RecordedEvent(
      stream: "parked", number: EventNumber(index), id: Self.parkedID(index), type: .link, isJSON: false,
      data: Bytes("\(parked[index])@s"), created: Timestamp(ticks: 0))
    return ResolvedEvent(event: event(parked[index]).event, link: link)
  }

  static func parkedID(_ index: Int) -> EventID { EventID(high: 8, low: UInt64(index)) }

  /// Does something, and reads what the group needs as long as it gets anything.
  mutating func does(_ body: (inout ConsumerGroupStateMachine, Duration) -> [Action]) -> [Action] {
    body(&machine, now) + read()
  }

  mutating func connect(_ number: Int, allowing count: Int) -> [Action] {
    does { $0.consumerConnected(Self.consumer(number), allowedInFlight: count, now: $1) }
  }

  mutating func ack(_ numbers: [Int], by consumer: Int = 1) -> [Action] {
    does { $0.acknowledged(numbers.map(Self.id), by: Self.consumer(consumer), now: $1) }
  }

  mutating func refuse(
    _ numbers: [Int], _ refusal: ConsumerGroupStateMachine.Refusal, by consumer: Int = 1
  ) -> [Action] {
    does { $0.refused(numbers.map(Self.id), refusal, reason: "why", by: Self.consumer(consumer), now: $1) }
  }

  /// Somebody asks to replay what is parked.
  mutating func replay() -> [Action] {
    let end = EventNumber(parked.count)
    return does { machine, _ in
      machine.replayAsked(before: end)
      return []
    }
  }

  mutating func wait(_ time: Duration) -> [Action] {
    now += time
    return does { $0.timePassed(now: $1) }
  }

  /// The stream grows.
  mutating func write(_ count: Int) -> [Action] {
    streamLength += count
    return read()
  }

  mutating func read() -> [Action] {
    var actions: [Action] = []
    while let need = machine.need {
      reads += 1
      switch need {
      case .page(let number, let count):
        let first = Int(number)
        let end = min(first + count, streamLength)
        let page = StreamPage(
          status: .found, events: first < end ? (first..<end).map(event) : [],
          nextEventNumber: EventNumber(min(end, streamLength)), lastEventNumber: EventNumber(streamLength - 1),
          isEndOfStream: end >= streamLength)
        actions += machine.pageRead(streamLength == 0 ? nil : page, place: streamLength, now: now)
      case .live(let place, let count):
        let end = min(place + count, streamLength)
        actions += machine.liveRead((place..<end).map(event), nextPlace: end, now: now)
        if end == streamLength { return actions }
      case .parked(let number, let count):
        let end = min(Int(number) + count, parked.count)
        let events = (Int(number)..<end).map { parkedEvent($0) }
        actions += machine.parkedRead(events, next: EventNumber(end), now: now)
      }
    }
    return actions
  }
}

extension [ConsumerGroupStateMachine.Action] {
  /// What was sent, in short: event, retry count, consumer.
  var deliveries: [[Int]] {
    compactMap { action in
      guard case .deliver(let event, let retryCount, let consumer) = action else { return nil }
      return [Int(event.received?.number ?? -1), retryCount, consumer.connection]
    }
  }

  /// The numbers of the events that were sent.
  var numbers: [Int] { deliveries.map { $0[0] } }

  /// What was parked, and why.
  var parked: [String] {
    compactMap { action in
      guard case .park(let event, let reason) = action else { return nil }
      return "\(event.received?.number ?? -1) \(reason)"
    }
  }

  /// The numbers before which the parked stream was cleared.
  var cleared: [EventNumber] {
    compactMap { action in
      guard case .clearParked(let number) = action else { return nil }
      return number
    }
  }

  var checkpoints: [EventNumber] {
    compactMap { action in
      guard case .writeCheckpoint(let number) = action else { return nil }
      return number
    }
  }
}
