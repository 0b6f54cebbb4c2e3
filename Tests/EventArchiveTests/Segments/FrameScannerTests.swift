import EventArchive
import EventStoreCore
import TestSupport
import Testing
import Zstd

/// Segments without a footer that can be trusted, read frame by frame.
@Suite struct FrameScannerTests {
  /// What a walk over a file finds, going on behind damage.
  private struct Walk {
    var contents: [Bytes] = []
    var damages = 0
    var end: FrameScanner.End?
    var reads = 0

    init(_ file: [UInt8], inBatches: Bool = false) throws {
      let bytes = Bytes(file)
      var reads = 0
      let read: ReadBytes = { offset, count in
        reads += 1
        guard offset >= 0, count >= 0, offset <= bytes.count else {
          throw ForgedFooter.OutsideOfFile(offset: offset, count: count)
        }
        return bytes.slice(offset..<min(offset + count, bytes.count))
      }
      if inBatches {
        var frames = try ParallelFrames(fileBytes: file.count) { Bytes($0.content) }
        repeat {
          while case let batch = try frames.next(read: read), !batch.isEmpty { contents += batch.map(\.outcome) }
          guard case .damaged = frames.end else { break }
          damages += 1
        } while try frames.resynchronize(read: read)
        end = frames.end
      } else {
        var scanner = try FrameScanner(fileBytes: file.count)
        repeat {
          while let frame = try scanner.next(read: read) { contents.append(frame.content) }
          guard case .damaged = scanner.end else { break }
          damages += 1
        } while try scanner.resynchronize(read: read)
        end = scanner.end
      }
      self.reads = reads
    }
  }

  /// Frames of two events each.
  private static func frames(_ count: Int) throws -> [[UInt8]] {
    let compressor = try ZstdCompressor(level: 1)
    return try (0..<count).map { index in
      let lines = try [2 * index, 2 * index + 1].map { try LineSamples.line(ArchiveSamples.event($0)) }
      return try compressor.compress(lines.flatMap { $0 })
    }
  }

  @Test("Whole frames are found, and how they end is told")
  func ends() throws {
    let frames = try Self.frames(3)
    let data = frames.flatMap { $0 }
    #expect(try Walk(data).end == .whole)
    #expect(try Walk(data).contents.count == 3)
    #expect(try Walk([]).end == .whole)
    #expect(try Walk(data + SkippableFrame.encode(kind: 1, content: [1, 2])).end == .footer(offset: data.count))
    #expect(try Walk(data + [0x51, 0x2A, 0x4D, 0x18]).end == .footer(offset: data.count))
    #expect(try Walk(data + [0]).end == .torn(offset: data.count))
    for cut in 1..<frames[2].count {
      let walk = try Walk(data.dropLast(cut))
      #expect(walk.end == .torn(offset: frames[0].count + frames[1].count))
      #expect(walk.contents.count == 2)
    }
  }

  @Test("A bad frame that good ones follow is damage, and the walk goes on behind it")
  func damage() throws {
    var frames = try Self.frames(3)
    frames[1][frames[1].count - 1] ^= 1
    let walk = try Walk(frames.flatMap { $0 })
    #expect(walk.damages == 1)
    #expect(walk.contents.count == 2)
    #expect(walk.end == .whole)
    let hole = try Walk(frames[0] + [UInt8](repeating: 0, count: 5000) + frames[2])
    #expect(hole.damages == 1)
    #expect(hole.contents.count == 2)
  }

  @Test(
    "Whatever a segment holds, the walk ends, asks for nothing outside of it, and gives only whole frames; so in batches"
  )
  func mutations() throws {
    let frames = try Self.frames(3)
    let sound = Set(try Walk(frames.flatMap { $0 }).contents)
    let footer = SkippableFrame.encode(
      kind: 1, content: try ZstdCompressor().compress([UInt8](repeating: 7, count: 100)))
    var damaged = 0
    var torn = 0
    forSeeds(3000, from: 1) { generator in
      let file = generator.mutated(frames.flatMap { $0 } + (generator.oneIn(2) ? footer : []))
      let walk = try Walk(file)
      damaged += walk.damages
      if case .torn = walk.end { torn += 1 }
      let batches = try Walk(file, inBatches: true)
      guard batches.contents == walk.contents, batches.end == walk.end, batches.damages == walk.damages else {
        return false
      }
      // The checksums let nothing else through.
      return walk.end != nil && walk.contents.allSatisfy(sound.contains) && walk.reads < 100 && walk.contents.count <= 6
    }
    #expect(damaged > 1000)
    #expect(torn > 100)
  }

  @Test("A batch has many frames, in order, and no more content than its bounds allow")
  func batches() throws {
    let content = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20) + [UInt8(ascii: "\n")]
    let frame = try ZstdCompressor(level: 1).compress(content)
    let file = Bytes(Array(repeatElement(frame, count: 12).joined()))
    var frames = try ParallelFrames(fileBytes: file.count, work: \.offset)
    var sizes: [Int] = []
    var offsets: [Int] = []
    while true {
      let batch = try frames.next { file.slice($0..<min($0 + $1, file.count)) }
      if batch.isEmpty { break }
      sizes.append(batch.count)
      offsets += batch.map(\.outcome)
    }
    #expect(sizes == [5, 5, 2])
    #expect(offsets == (0..<12).map { $0 * frame.count })
    #expect(frames.end == .whole)
  }
}
