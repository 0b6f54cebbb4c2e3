import Dispatch
import Synchronization
import Testing
import Zstd

/// What is compressed comes back.
@Suite struct RoundTripTests {
  private static let byteCounts = [0, 1, 2, 255, 256, 65_535, 65_536, 65_537, 131_072, 1 << 20, (1 << 20) + 1]

  @Test("Content of any size comes back, whether it compresses or not", arguments: byteCounts)
  func anySize(_ size: Int) throws {
    let compressor = try ZstdCompressor()
    let decompressor = try ZstdDecompressor()
    for content in [Samples.lines(size), Samples.noise(size)] {
      let frame = try compressor.compress(content)
      #expect(try decompressor.decompress(frame, maximumBytes: size) == content)
      #expect(try frame.withUnsafeBytes { try ZstdFrame.contentSize($0) } == .known(UInt64(size)))
      #expect(try frame.withUnsafeBytes { try ZstdFrame.compressedSize($0) } == frame.count)
    }
    #expect(try size < 1000 || compressor.compress(Samples.lines(size)).count < size / 4)
  }

  @Test("Every level gives the content back, with a checksum and without")
  func levels() throws {
    let content = Samples.lines(3000) + Samples.noise(3000)
    let decompressor = try ZstdDecompressor()
    for level in [ZstdCompressor.levels.lowerBound] + Array(-7...22) where ZstdCompressor.levels.contains(level) {
      let checked = try ZstdCompressor(level: level).compress(content)
      let unchecked = try ZstdCompressor(level: level, checksum: false).compress(content)
      #expect(checked.count == unchecked.count + 4, "the checksum has four bytes at level \(level)")
      #expect(try decompressor.decompress(checked, maximumBytes: content.count) == content)
      #expect(try decompressor.decompress(unchecked, maximumBytes: content.count) == content)
    }
  }

  @Test("A level that zstd does not know is refused", arguments: [23, 1000, Int.max, Int.min])
  func badLevel(_ level: Int) {
    let error = #expect(throws: ZstdError.self) { try ZstdCompressor(level: level) }
    #expect(error?.code == .invalidParameter)
    #expect(error?.message.contains("\(level)") == true)
  }

  @Test("A frame depends on its content alone, not on the frames before it")
  func independence() throws {
    let compressor = try ZstdCompressor()
    let first = try compressor.compress(Samples.lines(5000))
    _ = try compressor.compress(Samples.noise(200_000))
    #expect(try compressor.compress(Samples.lines(5000)) == first)
    #expect(try ZstdCompressor().compress(Samples.lines(5000)) == first)
  }

  @Test("Threads that share a compressor and a decompressor do not disturb each other")
  func sharedByThreads() throws {
    let compressor = try ZstdCompressor()
    let decompressor = try ZstdDecompressor()
    let faults = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 32) { index in
      let content = Samples.noise(1000 + index, seed: UInt64(index)) + Samples.lines(index * 100)
      do {
        let frame = try compressor.compress(content)
        if try decompressor.decompress(frame, maximumBytes: content.count) != content {
          faults.withLock { $0.append("\(index) came back otherwise") }
        }
      } catch {
        faults.withLock { $0.append("\(index): \(error)") }
      }
    }
    #expect(faults.withLock { $0 } == [])
  }

  @Test("A buffer's bytes stay while they are looked at, even when nobody else holds it")
  func buffers() throws {
    let content = Samples.lines(100_000)
    let found = try content.withUnsafeBytes { try ZstdCompressor().compress($0) }.withUnsafeBytes { Array($0) }
    #expect(try ZstdDecompressor().decompress(found, maximumBytes: content.count) == content)
  }
}
