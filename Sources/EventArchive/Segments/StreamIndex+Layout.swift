internal import EventStoreCore

// The binary layout of the stream index (ARCHIVE-FORMAT.md, "Layout of the stream index").

extension StreamIndex {
  private static let positionsFlag: UInt8 = 1
  private static let firstMillisecondsFlag: UInt8 = 2
  private static let lastMillisecondsFlag: UInt8 = 4

  /// The fewest bytes that a frame, a stream and a place can have.
  private static let minimumBytes = (frame: 36, stream: 6, place: 4)
  /// More events than any frame can hold: so that sums over a segment cannot overflow.
  private static let maximumFrameEvents: Int64 = 1 << 28

  /// The layout of this index; the same for equal indexes.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    VariableInteger.append(UInt64(frames.count), to: &bytes)
    for frame in frames { Self.append(frame, to: &bytes) }
    VariableInteger.append(UInt64(streams.count), to: &bytes)
    for stream in streams { Self.append(stream, to: &bytes) }
    return bytes
  }

  private static func append(_ frame: Frame, to bytes: inout [UInt8]) {
    let span = frame.span
    bytes.append(contentsOf: frame.digest.bytes)
    VariableInteger.append(UInt64(span.events), to: &bytes)
    var flags: UInt8 = 0
    if span.firstPosition != nil, span.lastPosition != nil { flags |= positionsFlag }
    if span.firstCreated.precision == .milliseconds { flags |= firstMillisecondsFlag }
    if span.lastCreated.precision == .milliseconds { flags |= lastMillisecondsFlag }
    bytes.append(flags)
    if let first = span.firstPosition, let last = span.lastPosition {
      for value in [first.commit, first.prepare, last.commit, last.prepare] {
        VariableInteger.append(UInt64(bitPattern: value), to: &bytes)
      }
    }
    VariableInteger.append(signed: span.firstCreated.ticks, to: &bytes)
    VariableInteger.append(signed: span.lastCreated.ticks, to: &bytes)
  }

  private static func append(_ stream: Stream, to bytes: inout [UInt8]) {
    VariableInteger.append(UInt64(stream.name.utf8.count), to: &bytes)
    bytes.append(contentsOf: stream.name.utf8)
    VariableInteger.append(UInt64(stream.places.count), to: &bytes)
    var nextFrame = 0
    var previous: EventNumber = 0
    for place in stream.places {
      VariableInteger.append(UInt64(place.frame - nextFrame), to: &bytes)
      VariableInteger.append(UInt64(place.span.events), to: &bytes)
      VariableInteger.append(signed: place.span.first - previous, to: &bytes)
      VariableInteger.append(signed: place.span.last - place.span.first, to: &bytes)
      nextFrame = place.frame + 1
      previous = place.span.last
    }
  }

  /// The index with this layout; nil when the bytes are not one, whatever they are.
  ///
  /// - Parameter wanted: The streams to hold, nil for all; what is said of the others is checked all the same.
  init?(encoded memory: UnsafeRawBufferPointer, only wanted: WantedStreams? = nil) {
    var reader = BinaryReader(memory)
    guard let frames = Self.frames(&reader), !frames.isEmpty,
      let streams = Self.streams(&reader, frames: frames, only: wanted), reader.remaining == 0
    else { return nil }
    self.init(frames: frames, streams: streams)
  }

  private static func frames(_ reader: inout BinaryReader) -> [Frame]? {
    guard let count = reader.count(of: minimumBytes.frame) else { return nil }
    var frames: [Frame] = []
    frames.reserveCapacity(count)
    for _ in 0..<count {
      guard let digest = reader.bytes(SHA256Digest.byteCount).flatMap({ SHA256Digest(bytes: $0) }),
        let span = eventSpan(&reader)
      else { return nil }
      frames.append(Frame(digest: digest, span: span))
    }
    return frames
  }

  private static func eventSpan(_ reader: inout BinaryReader) -> EventSpan? {
    guard let events = reader.natural(), (1...maximumFrameEvents).contains(events), let flags = reader.byte(),
      flags & ~(positionsFlag | firstMillisecondsFlag | lastMillisecondsFlag) == 0
    else { return nil }
    var first: Position?
    var last: Position?
    if flags & positionsFlag != 0 {
      first = position(&reader)
      last = position(&reader)
      guard first != nil, last != nil else { return nil }
    }
    guard let firstTicks = reader.signed(), let lastTicks = reader.signed(), DateWriter.range.contains(firstTicks),
      DateWriter.range.contains(lastTicks)
    else { return nil }
    return EventSpan(
      events: Int(events), firstPosition: first, lastPosition: last,
      firstCreated: Timestamp(
        ticks: firstTicks, precision: flags & firstMillisecondsFlag != 0 ? .milliseconds : .ticks),
      lastCreated: Timestamp(ticks: lastTicks, precision: flags & lastMillisecondsFlag != 0 ? .milliseconds : .ticks))
  }

  private static func position(_ reader: inout BinaryReader) -> Position? {
    guard let commit = reader.natural(), let prepare = reader.natural() else { return nil }
    return Position(commit: commit, prepare: prepare)
  }

  private static func streams(
    _ reader: inout BinaryReader, frames: [Frame], only wanted: WantedStreams?
  ) -> [Stream]? {
    guard let count = reader.count(of: minimumBytes.stream) else { return nil }
    // What the streams have in each frame must add up to what the frame has.
    var left = frames.map(\.span.events)
    var streams: [Stream] = []
    streams.reserveCapacity(wanted == nil ? count : 0)
    var previous: UnsafeRawBufferPointer?
    for _ in 0..<count {
      guard let name = reader.count(of: 1).flatMap({ reader.bytes($0) }),
        previous.map({ $0.lexicographicallyPrecedes(name) }) ?? true,
        let count = reader.count(of: minimumBytes.place), count > 0
      else { return nil }
      previous = name
      var walk = PlaceWalk()
      if wanted?.contains(name) ?? true {
        guard let places = walk.places(count, &reader, left: &left) else { return nil }
        streams.append(Stream(name: StreamName(utf8: Array(name)), places: places))
      } else {
        for _ in 0..<count where walk.next(&reader, left: &left) == nil { return nil }
      }
    }
    return left.allSatisfy { $0 == 0 } ? streams : nil
  }

  /// A walk over the places of one stream, each of which is told by its difference from the one before.
  private struct PlaceWalk {
    private var nextFrame = 0
    private var previous: EventNumber = 0

    /// The next place; takes its events from what is left of its frame.
    @inline(__always)
    mutating func next(_ reader: inout BinaryReader, left: inout [Int]) -> Place? {
      guard let skipped = reader.natural(), skipped < left.count - nextFrame, let events = reader.natural(), events > 0,
        let first = reader.signed().flatMap({ StreamIndex.sum(previous, $0) }),
        let last = reader.signed().flatMap({ StreamIndex.sum(first, $0) })
      else { return nil }
      let frame = nextFrame + Int(skipped)
      guard events <= left[frame] else { return nil }
      left[frame] -= Int(events)
      nextFrame = frame + 1
      previous = last
      return Place(frame: frame, span: StreamSpan(events: Int(events), first: first, last: last))
    }

    /// The next `count` places.
    mutating func places(_ count: Int, _ reader: inout BinaryReader, left: inout [Int]) -> [Place]? {
      var places: [Place] = []
      places.reserveCapacity(count)
      for _ in 0..<count {
        guard let place = next(&reader, left: &left) else { return nil }
        places.append(place)
      }
      return places
    }
  }

  /// An event number from another and the difference; nil when it is none.
  fileprivate static func sum(_ number: EventNumber, _ difference: Int64) -> EventNumber? {
    let (sum, overflow) = number.addingReportingOverflow(difference)
    return overflow || sum < 0 ? nil : sum
  }
}

extension SHA256Digest {
  /// The digest with these 32 bytes; nil when there are not 32.
  init?(bytes memory: UnsafeRawBufferPointer) {
    guard memory.count == Self.byteCount else { return nil }
    bytes = Array(memory)
  }
}
