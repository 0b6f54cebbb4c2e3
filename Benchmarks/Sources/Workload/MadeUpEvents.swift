import EventStoreCore

/// Events of a made-up shop: about 500 bytes of data and metadata each, in many streams that take turns at random, and in two
/// small ones that are restored alone.
///
/// The same numbers give the same events, on every machine. They come in batches whose payloads share one block of memory.
struct MadeUpEvents: Sequence, IteratorProtocol {
  static let batchSize = 500
  /// How many events each of the two small streams has.
  static let smallStreamEvents = 100

  private let count: Int
  private let streams: [StreamName]
  private var nextNumbers: [EventNumber]
  private var spread = SmallStream(name: "small-spread")
  private var close = SmallStream(name: "small-close")
  private var made = 0
  private var random: RandomNumbers
  private var payload = MadeUpPayload()

  init(count: Int, streams: Int, seed: UInt64 = 1) {
    self.count = count
    self.streams = (0..<streams).map { StreamName("order-\($0 + 1_000_000)") }
    nextNumbers = Array(repeating: 0, count: streams)
    random = RandomNumbers(seed: seed)
  }

  mutating func next() -> [RecordedEvent]? {
    let size = Swift.min(Self.batchSize, count - made)
    guard size > 0 else { return nil }
    var ranges: [(data: Range<Int>, metadata: Range<Int>)] = []
    for _ in 0..<size { ranges.append(payload.write(random: &random)) }
    let block = payload.takeBlock()
    return ranges.map { event(data: block.slice($0.data), metadata: block.slice($0.metadata)) }
  }

  private mutating func event(data: Bytes, metadata: Bytes) -> RecordedEvent {
    defer { made += 1 }
    let (stream, number) = place()
    return RecordedEvent(
      stream: stream, number: number, id: EventID(high: random.next(), low: random.next()),
      type: MadeUpPayload.types[Int(number) % MadeUpPayload.types.count], isJSON: true, data: data, metadata: metadata,
      created: Timestamp(ticks: 17_361_468_000_000_000 + Int64(made) * 31_337),
      position: Position(commit: Int64(made) * 700, prepare: Int64(made) * 700))
  }

  /// The stream of the next event, and its number there.
  private mutating func place() -> (StreamName, EventNumber) {
    // One small stream is spread over all the events, the other lies within a hundredth of them.
    if let place = spread.take(at: made, from: 0, every: count / Self.smallStreamEvents) { return place }
    if let place = close.take(at: made, from: count / 2, every: count / 100 / Self.smallStreamEvents) { return place }
    let index = random.below(streams.count)
    defer { nextNumbers[index] += 1 }
    return (streams[index], nextNumbers[index])
  }
}

/// A stream of few events.
private struct SmallStream {
  let name: StreamName
  private var taken: EventNumber = 0

  init(name: StreamName) {
    self.name = name
  }

  /// The place of event `index` when it is one of this stream, which has every so many events from `start` on.
  mutating func take(at index: Int, from start: Int, every step: Int) -> (StreamName, EventNumber)? {
    guard taken < MadeUpEvents.smallStreamEvents, index >= start, (index - start).isMultiple(of: max(step, 2)) else {
      return nil
    }
    defer { taken += 1 }
    return (name, taken)
  }
}
