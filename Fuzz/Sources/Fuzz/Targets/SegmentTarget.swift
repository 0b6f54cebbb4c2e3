@testable import EventArchive
@testable import EventStoreCore
@testable import Zstd

/// A file that should be a segment: walked through frame by frame, from both ends, without reading outside of it.
enum SegmentTarget: FuzzTarget {
  static let name = "segment"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    let (frames, footer) = try SampleSegment.make()
    let open = frames.flatMap { $0 }
    return [open, open + footer, open + footer.dropLast(3), Array(open.dropLast(5)), open + frames[0] + footer]
  }

  static func run(_ input: [UInt8]) {
    let file = MemoryFile(content: input)
    let read: ReadBytes = { try file.bytes(at: $0, count: $1) }
    mustNotThrow("a segment in memory cannot be walked through") {
      claim(
        try walk(input.count, read) == walkInParallel(input.count, read), "frames in parallel are others than alone")
    }
    checkFooter(fileBytes: input.count, read)
  }

  /// What a walk saw: the content of each frame by its place, and how it ended, each time that it did.
  struct Walk: Equatable {
    private(set) var contents: [Int: [UInt8]] = [:]
    private(set) var ends: [FrameScanner.End] = []
    private var offset = 0

    mutating func saw(_ content: [UInt8], at offset: Int, bytes: Int) {
      claim(offset == self.offset && bytes > 0, "a frame does not follow the one before it")
      claim(content.last == UInt8(ascii: "\n"), "a frame does not end with a line")
      self.offset += bytes
      contents[offset] = content
    }

    mutating func ended(_ end: FrameScanner.End?) {
      guard let end else { return claim(false, "a walk has no end") }
      ends.append(end)
    }

    mutating func goesOn(at offset: Int) {
      claim(offset > self.offset, "a walk goes back")
      self.offset = offset
    }
  }

  private static func walk(_ fileBytes: Int, _ read: ReadBytes) throws -> Walk {
    var scanner = try FrameScanner(fileBytes: fileBytes)
    var walk = Walk()
    while true {
      while let frame = try scanner.next(read: read) {
        walk.saw(Array(frame.content), at: frame.offset, bytes: frame.bytes.count)
      }
      walk.ended(scanner.end)
      guard try scanner.resynchronize(read: read) else { return walk }
      walk.goesOn(at: scanner.offset)
    }
  }

  private static func walkInParallel(_ fileBytes: Int, _ read: ReadBytes) throws -> Walk {
    var frames = try ParallelFrames(fileBytes: fileBytes) { Array($0.content) }
    var walk = Walk()
    var goesOn = false
    while true {
      while case let batch = try frames.next(read: read), !batch.isEmpty {
        for frame in batch {
          if goesOn { walk.goesOn(at: frame.offset) }
          goesOn = false
          walk.saw(frame.outcome, at: frame.offset, bytes: frame.bytes.count)
        }
      }
      walk.ended(frames.end)
      guard try frames.resynchronize(read: read) else { return walk }
      goesOn = true
    }
  }

  private static func checkFooter(fileBytes: Int, _ read: ReadBytes) {
    do {
      let footer = try SegmentFooter.decode(fileBytes: fileBytes, read: read)
      claim((0...fileBytes).contains(footer.dataBytes), "the frames are larger than the file")
      claim(footer.index.frames.count == footer.locations.count, "index and seek table differ")
      for stream in footer.index.streams.prefix(3) {
        let wanted = mustNotThrow("a footer cannot be read for one stream") {
          try SegmentFooter.decode(fileBytes: fileBytes, only: WantedStreams([stream.name]), read: read)
        }
        claim(wanted.index.streams == [stream], "a footer for one stream says something else")
      }
    } catch let damage as SegmentDamage {
      claim((0...fileBytes).contains(damage.offset), "damage is said to be at \(damage.offset) of \(fileBytes)")
    } catch {
      claim(false, "reading a footer fails with \(error)")
    }
  }
}
