package import EventStoreCore

/// What a sealed segment holds: its frames, and for each stream where its events are (ARCHIVE-FORMAT.md, "Stream index").
package struct StreamIndex: Hashable, Sendable {
  /// One frame of the segment.
  package struct Frame: Hashable, Sendable {
    /// The SHA-256 of the zstd frame.
    package var digest: SHA256Digest
    /// What the frame holds.
    package var span: EventSpan

    package init(digest: SHA256Digest, span: EventSpan) {
      self.digest = digest
      self.span = span
    }
  }

  /// Where one frame holds events of one stream.
  package struct Place: Hashable, Sendable {
    /// The frame, from 0.
    package var frame: Int
    /// What of the stream the frame holds.
    package var span: StreamSpan

    package init(frame: Int, span: StreamSpan) {
      self.frame = frame
      self.span = span
    }
  }

  /// One stream that has events in the segment.
  package struct Stream: Hashable, Sendable {
    /// The stream's name.
    package var name: StreamName
    /// The frames that hold it, ascending; never empty.
    package var places: [Place]

    /// How many events of the stream the segment holds, and their first and last number.
    package var span: StreamSpan {
      places.dropFirst().reduce(into: places[0].span) { $0.extend(by: $1.span) }
    }
  }

  /// The frames, in the order of the file; never empty.
  package internal(set) var frames: [Frame]
  /// The streams, sorted by the bytes of their names.
  package internal(set) var streams: [Stream]

  /// What the whole segment holds.
  package var span: EventSpan {
    frames.dropFirst().reduce(into: frames[0].span) { $0.extend(by: $1.span) }
  }

  /// The stream of this name; nil when the segment has no event of it.
  package func stream(_ name: StreamName) -> Stream? {
    var range = 0..<streams.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if streams[middle].name == name { return streams[middle] }
      range = streams[middle].name < name ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }
}
