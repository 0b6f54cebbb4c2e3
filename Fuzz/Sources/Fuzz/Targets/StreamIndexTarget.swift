@testable import EventArchive
@testable import EventStoreCore

/// The layout of a stream index: an index whose sums can be told and whose streams are found, the same after it was written.
enum StreamIndexTarget: FuzzTarget {
  static let name = "streamindex"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    [try SampleSegment.index().encoded()]
  }

  static func run(_ input: [UInt8]) {
    guard let index = input.withUnsafeBytes({ StreamIndex(encoded: $0) }) else { return checkRefused(input) }
    claim(index.streams.reduce(0) { $0 + $1.span.events } == index.span.events, "the streams are not the segment")
    claim(zip(index.streams, index.streams.dropFirst()).allSatisfy { $0.name < $1.name }, "streams are not in order")
    for stream in index.streams {
      claim(index.stream(stream.name) == stream, "a stream is not found")
      claim(stream.places.allSatisfy { index.frames.indices.contains($0.frame) }, "a place is in no frame")
      claim(zip(stream.places, stream.places.dropFirst()).allSatisfy { $0.frame < $1.frame }, "places go back")
      claim(stream.places.allSatisfy { $0.span.first >= 0 && $0.span.last >= 0 }, "a number is negative")
    }
    let again = index.encoded()
    claim(again.withUnsafeBytes { StreamIndex(encoded: $0) } == index, "an index is another one after it was written")
    claim(again.count <= input.count, "an index takes more bytes than it was read from")
    for stream in index.streams.prefix(2) {
      let wanted = input.withUnsafeBytes { StreamIndex(encoded: $0, only: WantedStreams([stream.name])) }
      claim(wanted?.streams == [stream] && wanted?.frames == index.frames, "an index of one stream says something else")
    }
  }

  /// What is refused is refused whichever streams are asked for.
  private static func checkRefused(_ input: [UInt8]) {
    let none = input.withUnsafeBytes { StreamIndex(encoded: $0, only: WantedStreams([])) }
    claim(none == nil, "an index is refused only if all its streams are wanted")
  }
}
