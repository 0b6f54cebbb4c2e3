import Testing
import Zstd

/// Skippable frames are written and found as RFC 8878 says.
@Suite struct SkippableFrameTests {
  @Test("Each of the 16 kinds is written as the standard says, and found again")
  func kinds() {
    for kind in UInt8(0)..<16 {
      let frame = SkippableFrame.encode(kind: kind, content: [1, 2, 3])
      #expect(frame == [0x50 + kind, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3])
      #expect(SkippableFrame(header: frame) == SkippableFrame(kind: kind, contentBytes: 3))
      #expect(SkippableFrame(header: frame)?.frameBytes == frame.count)
    }
  }

  @Test("Sizes have 32 bits, the lowest first")
  func sizes() {
    for size in [0, 1, 0x0102_0304, Int(UInt32.max)] {
      let header = SkippableFrame(kind: 1, contentBytes: size).header
      #expect(header.count == SkippableFrame.headerBytes)
      #expect(SkippableFrame(header: header)?.contentBytes == size)
    }
    #expect(SkippableFrame(kind: 1, contentBytes: 0x0102_0304).header.suffix(4) == [4, 3, 2, 1])
  }

  @Test("Anything else is no skippable frame")
  func others() throws {
    let frame = SkippableFrame.encode(kind: 5, content: [1])
    for count in 0..<SkippableFrame.headerBytes { #expect(SkippableFrame(header: frame.prefix(count)) == nil) }
    for place in 0..<4 {
      var other = frame
      other[place] ^= 0x80
      #expect(SkippableFrame(header: other) == nil)
    }
    #expect(SkippableFrame(header: try ZstdCompressor().compress([1, 2, 3])) == nil)
  }

  @Test("zstd's own idea of where such a frame ends is ours")
  func compressedSize() throws {
    let frame = SkippableFrame.encode(kind: 7, content: Samples.noise(1000))
    #expect(try (frame + [1, 2, 3]).withUnsafeBytes { try ZstdFrame.compressedSize($0) } == frame.count)
    let error = #expect(throws: ZstdError.self) {
      try frame.dropLast().withUnsafeBytes { try ZstdFrame.compressedSize($0) }
    }
    #expect(error?.code == .truncated)
  }
}
