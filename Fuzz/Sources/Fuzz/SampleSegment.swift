@testable import EventArchive
@testable import EventStoreCore
@testable import Zstd

/// A small sealed segment.
enum SampleSegment {
  /// Its frames, and its footer.
  static func make() throws -> (frames: [[UInt8]], footer: [UInt8]) {
    let (index, frames) = try indexed()
    let footer = try SegmentFooter.encode(
      index: index, frames: frames.map { ($0.bytes.count, $0.contentBytes) })
    return (frames.map { Array($0.bytes) }, Array(footer.bytes))
  }

  /// Its stream index.
  static func index() throws -> StreamIndex {
    try indexed().index
  }

  private static func indexed() throws -> (index: StreamIndex, frames: [CompressedFrame]) {
    let encoder = try FrameEncoder(
      level: 3, maximumBytes: 1 << 20, tail: EventTail(.all(includeSystem: true), anchorLimit: 1))
    let events = SampleEvents.all.sorted { ($0.stream, $0.number) < ($1.stream, $1.number) }
    let frames = try stride(from: 0, to: events.count, by: 2).flatMap { place in
      var draft = FrameDraft()
      draft.append(events[place...].prefix(2), lineBytes: 0)
      return try encoder.encode(draft).map(\.frame)
    }
    var builder = StreamIndexBuilder()
    for frame in frames { builder.append(frame) }
    guard let index = builder.build() else { throw ZstdError(.corrupted, "no frames") }
    return (index, frames)
  }
}
