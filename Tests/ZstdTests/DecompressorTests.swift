import TestSupport
import Testing
import Zstd

/// Frames that are too large, damaged, or something else: each its own error, and the next frame is read as ever.
@Suite struct DecompressorTests {
  private static func code(_ frame: [UInt8], maximumBytes: Int = 1 << 20) throws -> ZstdError.Code? {
    let decompressor = try ZstdDecompressor()
    do throws(ZstdError) {
      _ = try decompressor.decompress(frame, maximumBytes: maximumBytes)
      return nil
    } catch {
      #expect(!error.message.isEmpty)
      // An error leaves nothing behind.
      let sound = try ZstdCompressor().compress(Samples.lines(100))
      #expect(try decompressor.decompress(sound, maximumBytes: 100) == Samples.lines(100))
      return error.code
    }
  }

  /// A frame of one uncompressed block, without checksum and size, for a window of 2^(10 + `exponent`) bytes.
  private static func raw(_ content: [UInt8], exponent: UInt8 = 6) -> [UInt8] {
    let block = content.count << 3 | 1
    return ZstdFrame.magic + [0, exponent << 3] + (0..<3).map { UInt8(truncatingIfNeeded: block >> (8 * $0)) } + content
  }

  @Test("Content is never larger than allowed, whether its frame tells the size or not")
  func limits() throws {
    let content = Samples.lines(100_000)
    let telling = try ZstdCompressor().compress(content)
    let silent = try Scratch().run("zstd -c", on: content)
    #expect(try telling.withUnsafeBytes { try ZstdFrame.contentSize($0) } == .known(100_000))
    #expect(try silent.withUnsafeBytes { try ZstdFrame.contentSize($0) } == .unknown)
    for frame in [telling, silent] {
      #expect(try ZstdDecompressor().decompress(frame, maximumBytes: 100_000) == content)
      #expect(try ZstdDecompressor().decompress(frame, maximumBytes: .max >> 1) == content)
      for limit in [99_999, 65_536, 1, 0, -1] {
        #expect(try Self.code(frame, maximumBytes: limit) == .tooLarge, "\(limit)")
      }
    }
  }

  @Test("A frame that claims to hold an exabyte is refused before memory is taken for it")
  func hugeClaim() throws {
    // Eight bytes of size, one segment.
    let frame = ZstdFrame.magic + [0xE0] + [0, 0, 0, 0, 0, 0, 0, 0x10] + [0x09, 0, 0, UInt8(ascii: "x")]
    #expect(try frame.withUnsafeBytes { try ZstdFrame.contentSize($0) } == .known(1 << 60))
    #expect(try Self.code(frame) == .tooLarge)
  }

  @Test("A window of up to 128 MiB is given, a larger one is refused")
  func windows() throws {
    #expect(try ZstdDecompressor().decompress(Self.raw([1, 2, 3]), maximumBytes: 3) == [1, 2, 3])
    #expect(try ZstdDecompressor().decompress(Self.raw([1], exponent: 17), maximumBytes: 1) == [1])
    #expect(try Self.code(Self.raw([1], exponent: 18)) == .tooLarge)
    #expect(try Self.code(Self.raw([1], exponent: 31)) != nil)
  }

  @Test(
    "Frames that do not tell their size are read in pieces of any size",
    arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 500_000])
  func streamed(_ size: Int) throws {
    let scratch = try Scratch()
    for content in [Samples.lines(size), Samples.noise(size)] {
      let frame = try scratch.run("cat | zstd -c", on: content)
      #expect(try frame.withUnsafeBytes { try ZstdFrame.contentSize($0) } == .unknown || size == 0)
      #expect(try ZstdDecompressor().decompress(frame, maximumBytes: size) == content)
      for cut in [1, 4, 5, frame.count / 2, frame.count - 4] where cut > 0 && cut < frame.count {
        #expect(try Self.code(Array(frame.dropLast(cut))) == .truncated, "\(size) bytes, cut by \(cut)")
      }
      #expect(try Self.code(frame + [0]) == .corrupted)
    }
  }

  @Test("A frame that is cut anywhere is truncated, and nothing of it is given out")
  func truncated() throws {
    let frame = try ZstdCompressor().compress(Samples.lines(600) + Samples.noise(50))
    for count in 0..<frame.count { #expect(try Self.code(Array(frame.prefix(count))) == .truncated, "cut to \(count)") }
  }

  @Test("What is no frame is told as such, a skippable frame too")
  func notFrames() throws {
    for bytes in [
      Array("{\"stream\":1}\n".utf8), [UInt8](repeating: 0, count: 20),
      SkippableFrame.encode(kind: 3, content: [1, 2]),
    ] {
      #expect(try Self.code(bytes) == .notAFrame)
      #expect(throws: ZstdError.self) { try bytes.withUnsafeBytes { try ZstdFrame.contentSize($0) } }
    }
    #expect(try Self.code([]) == .truncated)
    #expect(try Self.code(Array(ZstdFrame.magic)) == .truncated)
  }

  @Test("Whatever follows the frame is damage: a byte, another frame, a skippable one")
  func followed() throws {
    let frame = try ZstdCompressor().compress(Samples.lines(600))
    for more in [[0], frame, SkippableFrame.encode(kind: 0, content: [])] {
      #expect(try Self.code(frame + more) == .corrupted)
    }
  }

  @Test("A wrong checksum is told as such")
  func checksum() throws {
    let frame = try ZstdCompressor().compress(Samples.lines(600))
    for place in frame.count - 4..<frame.count {
      var damaged = frame
      damaged[place] ^= 1
      #expect(try Self.code(damaged) == .wrongChecksum)
    }
  }

  @Test("A frame with any bit flipped is refused, or gives the same content")
  func flippedBits() throws {
    let content = Samples.lines(400) + Samples.noise(100)
    let frame = try ZstdCompressor().compress(content)
    let decompressor = try ZstdDecompressor()
    var refused: [ZstdError.Code: Int] = [:]
    for bit in 0..<8 * frame.count {
      var damaged = frame
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      do throws(ZstdError) {
        #expect(try decompressor.decompress(damaged, maximumBytes: 1 << 20) == content, "bit \(bit)")
      } catch {
        refused[error.code, default: 0] += 1
      }
    }
    #expect(refused.values.reduce(0, +) > 8 * frame.count * 9 / 10)
    #expect(refused[.corrupted, default: 0] > 0 && refused[.wrongChecksum, default: 0] > 0)
    #expect(refused[.failed] == nil && refused[.outOfMemory] == nil)
  }

  @Test("Thousands of badly damaged frames are errors, and take no more memory than allowed")
  func mutations() throws {
    let scratch = try Scratch()
    let frames = [
      try ZstdCompressor().compress(Samples.lines(3000)),
      try ZstdCompressor(checksum: false).compress(Samples.noise(300)),
      try scratch.run("zstd -c", on: Samples.lines(70_000)), Self.raw(Samples.noise(50)),
    ]
    let decompressor = try ZstdDecompressor()
    var refused = 0
    for seed in UInt64(1)...4000 {
      var generator = SeededRandom(seed: seed)
      var frame = frames[generator.below(frames.count)]
      for _ in 0...generator.below(6) {
        let place = generator.below(frame.count)
        switch generator.below(3) {
        case 0: frame[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1 where frame.count > 10: frame.removeSubrange(place..<min(place + generator.below(8), frame.count))
        default: frame.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        }
      }
      do throws(ZstdError) {
        let content = try decompressor.decompress(frame, maximumBytes: 80_000)
        #expect(content.count <= 80_000, "seed \(seed)")
      } catch {
        #expect(error.code != .outOfMemory && error.code != .invalidParameter, "seed \(seed): \(error)")
        refused += 1
      }
    }
    #expect(refused > 3000)
  }
}
