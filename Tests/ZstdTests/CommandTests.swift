import Testing
import Zstd

/// The `zstd` command reads our frames, and we read its.
@Suite struct CommandTests {
  /// The frames that a file is made of.
  private static func frames(_ file: [UInt8]) throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var rest = file[...]
    while !rest.isEmpty {
      let size = try rest.withUnsafeBytes { try ZstdFrame.compressedSize($0) }
      frames.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return frames
  }

  @Test("zstd reads our frames, one after the other, and passes over skippable ones")
  func readsOurs() throws {
    let scratch = try Scratch()
    let compressor = try ZstdCompressor()
    let pieces = [Samples.lines(70_000), [], Samples.noise(10), Samples.lines(1)]
    var file: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      file += try compressor.compress(piece)
      file += SkippableFrame.encode(kind: UInt8(index), content: Samples.noise(index * 10))
    }
    #expect(try scratch.run("zstd -dc", on: file) == pieces.flatMap { $0 })
    #expect(try scratch.run("zstd -tq", on: file) == [])
    let list = String(decoding: try scratch.run("cat > a.zst; zstd -lv a.zst", on: file), as: UTF8.self)
    #expect(list.contains("Skippable Frames: 4"))
    #expect(list.contains("Check: XXH64"))
  }

  @Test("zstd notices a changed byte of our frames by their checksum")
  func checksOurs() throws {
    // Bytes that do not compress stand in the frame as they are, so that only the checksum can tell.
    var frame = try ZstdCompressor().compress(Samples.noise(200))
    frame[100] ^= 1
    #expect(
      try Scratch().run("! zstd -tq 2> complaint && grep -c -i checksum complaint", on: frame) == Array("1\n".utf8))
  }

  @Test(
    "We read zstd's frames, whatever it was told",
    arguments: [
      "-1", "-19", "--fast=5", "--check", "--no-check", "--no-content-size", "-T2 -B1MiB", "--rsyncable -T1",
      "--long=20",
    ])
  func readsTheirs(_ options: String) throws {
    let scratch = try Scratch()
    for content in [Samples.lines(300_000), Samples.noise(1000), []] {
      for command in ["cp input a; zstd -q -c \(options) a", "zstd -q -c \(options)"] {
        let file = try scratch.run(command, on: content)
        let decompressor = try ZstdDecompressor()
        let found = try Self.frames(file).flatMap { try decompressor.decompress($0, maximumBytes: 300_000) }
        #expect(found == content, "\(command)")
      }
    }
  }

  @Test("We read files of many frames that zstd has written, in order")
  func manyFrames() throws {
    let scratch = try Scratch()
    let file = try scratch.run(
      "split -b 1000 - part; for part in part*; do zstd -q -c --check $part; done", on: Samples.lines(25_500))
    let frames = try Self.frames(file)
    #expect(frames.count == 26)
    let decompressor = try ZstdDecompressor()
    #expect(try frames.flatMap { try decompressor.decompress($0, maximumBytes: 1000) } == Samples.lines(25_500))
  }
}
