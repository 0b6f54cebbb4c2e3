internal import EventStoreCore

// The binary layout of the stream index (ARCHIVE-FORMAT.md, "Layout of the stream index").

extension StreamIndex {
  /// The flags of a frame.
  enum Flags {
    static let positions: UInt8 = 1
    static let firstMilliseconds: UInt8 = 2
    static let lastMilliseconds: UInt8 = 4
  }

  /// The layout of this index; the same for equal indexes.
  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    Self.append(frames, to: &bytes)
    VariableInteger.append(UInt64(streams.count), to: &bytes)
    for stream in streams { Self.append(stream, to: &bytes) }
    return bytes
  }

  /// Appends how many frames there are, and each of them.
  static func append(_ frames: [Frame], to bytes: inout [UInt8]) {
    VariableInteger.append(UInt64(frames.count), to: &bytes)
    for frame in frames { append(frame, to: &bytes) }
  }

  private static func append(_ frame: Frame, to bytes: inout [UInt8]) {
    let span = frame.span
    bytes.append(contentsOf: frame.digest.bytes)
    VariableInteger.append(UInt64(span.events), to: &bytes)
    var flags: UInt8 = 0
    if span.firstPosition != nil, span.lastPosition != nil { flags |= Flags.positions }
    if span.firstCreated.precision == .milliseconds { flags |= Flags.firstMilliseconds }
    if span.lastCreated.precision == .milliseconds { flags |= Flags.lastMilliseconds }
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
    guard var reader = StreamIndexReader(memory) else { return nil }
    var streams: [Stream] = []
    streams.reserveCapacity(wanted == nil ? reader.streamCount : 0)
    let isWhole = reader.forEachStream(placesOf: { wanted?.contains($0) ?? true }) { stream in
      if !stream.places.isEmpty { streams.append(Stream(name: stream.name, places: stream.places)) }
    }
    guard isWhole else { return nil }
    self.init(frames: reader.frames, streams: streams)
  }
}
