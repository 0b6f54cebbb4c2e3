import EventArchive
import EventStoreCore
import Testing
import Zstd

/// Several workers compress, and nobody can tell from what comes out.
@Suite struct CompressionWorkersTests {
  /// Frames of very different sizes, so that later ones are ready before earlier ones.
  private static func frames(_ count: Int) -> [RawFrame] {
    (0..<count).map { index in
      let lines = String(repeating: "{\"frame\":\(index)}\n", count: index % 5 == 0 ? 60_000 : 1)
      return RawFrame(content: Bytes(lines), summary: FrameSummary(first: ArchiveSamples.event(index)))
    }
  }

  @Test("Frames come back in the order in which they came, whatever the number of workers", arguments: [0, 1, 2, 3, 8])
  func order(_ maximumInFlight: Int) async throws {
    let workers = try CompressionWorkers(maximumInFlight: maximumInFlight)
    let frames = Self.frames(40)
    var ready: [CompressedFrame] = []
    for (index, frame) in frames.enumerated() {
      ready += try await workers.push(frame)
      // No more are kept waiting than was said.
      #expect(index + 1 - ready.count <= max(maximumInFlight, 1))
    }
    ready += try await workers.drain()
    #expect(try await workers.drain().isEmpty)
    try #require(ready.count == frames.count)
    let decoder = try FrameDecoder()
    for (frame, compressed) in zip(frames, ready) {
      let content = try decoder.content(of: compressed.bytes, at: 0)
      #expect(SHA256Digest(of: content) == SHA256Digest(of: frame.content))
      #expect(compressed.contentBytes == frame.content.count)
      #expect(compressed.digest == SHA256Digest(of: compressed.bytes))
      #expect(compressed.summary == frame.summary)
    }
  }

  @Test("One worker and many make the same bytes")
  func sameBytes() async throws {
    var files: [[Bytes]] = []
    for maximumInFlight in [1, 6] {
      let workers = try CompressionWorkers(maximumInFlight: maximumInFlight)
      var ready: [CompressedFrame] = []
      for frame in Self.frames(12) { ready += try await workers.push(frame) }
      files.append((ready + (try await workers.drain())).map(\.bytes))
    }
    #expect(files[0] == files[1])
  }

  @Test("A level that zstd does not know is refused before the first frame")
  func badLevel() {
    #expect(#expect(throws: ZstdError.self) { try CompressionWorkers(level: 99) }?.code == .invalidParameter)
  }
}
