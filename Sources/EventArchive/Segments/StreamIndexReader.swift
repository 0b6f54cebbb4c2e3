internal import EventStoreCore

/// Walks through the layout of a stream index (ARCHIVE-FORMAT.md, "Layout of the stream index"), whatever its bytes are.
struct StreamIndexReader {
  /// What the layout says of one stream.
  struct Stream {
    fileprivate let nameBytes: UnsafeRawBufferPointer
    /// How many events the segment holds, and their first and last number.
    let span: StreamSpan
    /// Where the events are, if that was asked for; else empty.
    let places: [StreamIndex.Place]

    /// The stream's name.
    var name: StreamName { StreamName(utf8: Array(nameBytes)) }
  }

  /// The fewest bytes that a frame, a stream and a place can have.
  private static let minimumBytes = (frame: 36, stream: 6, place: 4)
  /// More events than any frame can hold: so that sums over a segment cannot overflow.
  private static let maximumFrameEvents: Int64 = 1 << 28

  /// The segment's frames, one or more.
  let frames: [StreamIndex.Frame]
  /// How many streams follow.
  let streamCount: Int
  private var reader: BinaryReader

  /// Reads the frames; nil when the layout is damaged there.
  init?(_ layout: UnsafeRawBufferPointer) {
    reader = BinaryReader(layout)
    guard let frames = Self.frames(&reader), !frames.isEmpty, let count = reader.count(of: Self.minimumBytes.stream)
    else { return nil }
    self.frames = frames
    streamCount = count
  }

  /// Gives `body` every stream, sorted by name; false when the layout is damaged, or anything follows it. Can be done once.
  ///
  /// - Parameter isWanted: Whether the places of a stream are collected, by the bytes of its name.
  @inline(__always)
  mutating func forEachStream(
    placesOf isWanted: (UnsafeRawBufferPointer) -> Bool, _ body: (Stream) -> Void
  ) -> Bool {
    // What the streams have in each frame must add up to what the frame has.
    var left = frames.map(\.span.events)
    var previous: UnsafeRawBufferPointer?
    for _ in 0..<streamCount {
      guard let name = reader.count(of: 1).flatMap({ reader.bytes($0) }),
        previous.map({ $0.lexicographicallyPrecedes(name) }) ?? true,
        let count = reader.count(of: Self.minimumBytes.place), count > 0
      else { return false }
      previous = name
      guard let stream = stream(name, places: count, keepsPlaces: isWanted(name), left: &left) else { return false }
      body(stream)
    }
    return reader.remaining == 0 && left.allSatisfy { $0 == 0 }
  }

  /// The stream whose places are next; takes its events from what is left of each frame.
  @inline(__always)
  private mutating func stream(
    _ name: UnsafeRawBufferPointer, places count: Int, keepsPlaces: Bool, left: inout [Int]
  ) -> Stream? {
    var walk = PlaceWalk()
    guard let first = walk.next(&reader, left: &left) else { return nil }
    var span = first.span
    var places: [StreamIndex.Place] = []
    if keepsPlaces {
      places.reserveCapacity(count)
      places.append(first)
    }
    for _ in 1..<count {
      guard let place = walk.next(&reader, left: &left) else { return nil }
      span.extend(by: place.span)
      if keepsPlaces { places.append(place) }
    }
    return Stream(nameBytes: name, span: span, places: places)
  }

  // MARK: Frames

  private static func frames(_ reader: inout BinaryReader) -> [StreamIndex.Frame]? {
    guard let count = reader.count(of: minimumBytes.frame) else { return nil }
    var frames: [StreamIndex.Frame] = []
    frames.reserveCapacity(count)
    for _ in 0..<count {
      guard let digest = reader.bytes(SHA256Digest.byteCount).flatMap({ SHA256Digest(bytes: $0) }),
        let span = eventSpan(&reader)
      else { return nil }
      frames.append(StreamIndex.Frame(digest: digest, span: span))
    }
    return frames
  }

  private static func eventSpan(_ reader: inout BinaryReader) -> EventSpan? {
    typealias Flags = StreamIndex.Flags
    guard let events = reader.natural(), (1...maximumFrameEvents).contains(events), let flags = reader.byte(),
      flags & ~(Flags.positions | Flags.firstMilliseconds | Flags.lastMilliseconds) == 0
    else { return nil }
    var first: Position?
    var last: Position?
    if flags & Flags.positions != 0 {
      first = position(&reader)
      last = position(&reader)
      guard first != nil, last != nil else { return nil }
    }
    guard let firstTicks = reader.signed(), let lastTicks = reader.signed(), DateWriter.range.contains(firstTicks),
      DateWriter.range.contains(lastTicks)
    else { return nil }
    func created(_ ticks: Int64, _ milliseconds: UInt8) -> Timestamp {
      Timestamp(ticks: ticks, precision: flags & milliseconds != 0 ? .milliseconds : .ticks)
    }
    return EventSpan(
      events: Int(events), firstPosition: first, lastPosition: last,
      firstCreated: created(firstTicks, Flags.firstMilliseconds),
      lastCreated: created(lastTicks, Flags.lastMilliseconds))
  }

  private static func position(_ reader: inout BinaryReader) -> Position? {
    guard let commit = reader.natural(), let prepare = reader.natural() else { return nil }
    return Position(commit: commit, prepare: prepare)
  }
}

/// A walk over the places of one stream, each of which is told by its difference from the one before.
private struct PlaceWalk {
  private var nextFrame = 0
  private var previous: EventNumber = 0

  /// The next place; takes its events from what is left of its frame.
  @inline(__always)
  mutating func next(_ reader: inout BinaryReader, left: inout [Int]) -> StreamIndex.Place? {
    guard let skipped = reader.natural(), skipped < left.count - nextFrame, let events = reader.natural(), events > 0,
      let first = reader.signed().flatMap({ Self.sum(previous, $0) }),
      let last = reader.signed().flatMap({ Self.sum(first, $0) })
    else { return nil }
    let frame = nextFrame + Int(skipped)
    guard events <= left[frame] else { return nil }
    left[frame] -= Int(events)
    nextFrame = frame + 1
    previous = last
    return StreamIndex.Place(frame: frame, span: StreamSpan(events: Int(events), first: first, last: last))
  }

  /// An event number from another and the difference; nil when it is none.
  private static func sum(_ number: EventNumber, _ difference: Int64) -> EventNumber? {
    let (sum, overflow) = number.addingReportingOverflow(difference)
    return overflow || sum < 0 ? nil : sum
  }
}

extension SHA256Digest {
  /// The digest with these 32 bytes; nil when there are not 32.
  fileprivate init?(bytes memory: UnsafeRawBufferPointer) {
    guard memory.count == Self.byteCount else { return nil }
    bytes = Array(memory)
  }
}
