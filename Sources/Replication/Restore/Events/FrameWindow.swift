import EventStoreCore

/// The frames of the archive that are read and not yet dealt with, in order; what bounds a restore's memory.
struct FrameWindow {
  private struct Frame {
    var unsettled: Int
    var links: [LinkTarget]
    var end: Position?
  }

  private var frames: ArraySlice<Frame> = []
  private var firstFrame = 0
  /// The position of the last event before which nothing is left to do; nil before the first.
  private(set) var settledPosition: Position?

  /// How many frames are not dealt with, or come after one that is not.
  var count: Int { frames.count }
  /// The number of the next frame.
  var nextFrame: Int { firstFrame + frames.count }

  /// A frame was read.
  ///
  /// - Parameters:
  ///   - unsettled: How many of its events are to be dealt with.
  ///   - links: Where its links lead.
  ///   - end: The position of its last event.
  mutating func opened(unsettled: Int, links: [LinkTarget], end: Position? = nil) {
    if frames.isEmpty { frames = [] }
    frames.append(Frame(unsettled: unsettled, links: links, end: end))
  }

  /// Events of these frames are dealt with; the links of frames before which nothing is left to do.
  mutating func settled(_ numbers: [Int]) -> [LinkTarget] {
    for number in numbers { frames[frames.startIndex + number - firstFrame].unsettled -= 1 }
    var links: [LinkTarget] = []
    while let frame = frames.first, frame.unsettled == 0 {
      links += frame.links
      settledPosition = frame.end ?? settledPosition
      frames.removeFirst()
      firstFrame += 1
    }
    return links
  }
}
