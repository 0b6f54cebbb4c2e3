import EventStoreCore
import Testing
import Zstd

@testable import EventArchive

/// Several workers make frames, and nobody can tell from what comes out.
@Suite struct FrameWorkersTests {
  /// Drafts of very different sizes, so that later ones are ready before earlier ones.
  private static func drafts(_ count: Int) -> [FrameDraft] {
    var next = 0
    return (0..<count).map { index in
      let events = (0..<(index % 5 == 0 ? 2000 : 1)).map { ArchiveSamples.event(next + $0) }
      next += events.count
      return draft(events)
    }
  }

  private static func draft(_ events: [RecordedEvent]) -> FrameDraft {
    var draft = FrameDraft()
    draft.append(events[...], lineBytes: events.reduce(0) { $0 + EventLineEncoder.likelyBytes(of: $1) })
    return draft
  }

  private static func workers(maximumBytes: Int = 1 << 20, maximumInFlight: Int) throws -> FrameWorkers {
    try FrameWorkers(maximumBytes: maximumBytes, maximumInFlight: maximumInFlight, tail: emptyTail)
  }

  private static var emptyTail: EventTail { EventTail(.all(includeSystem: true), anchorLimit: 2) }

  /// The lines of some events.
  private static func content(_ events: some Sequence<RecordedEvent>) throws -> Bytes {
    var encoder = EventLineEncoder()
    let lines = LineBuffer()
    for event in events { try encoder.append(event, to: lines) }
    return lines.copy()
  }

  @Test("Frames come back in the order of their events, whatever the number of workers", arguments: [0, 1, 2, 3, 8])
  func order(_ maximumInFlight: Int) async throws {
    let workers = try Self.workers(maximumInFlight: maximumInFlight)
    let drafts = Self.drafts(40)
    var ready: [FrameEncoder.Output] = []
    for (index, draft) in drafts.enumerated() {
      ready += try await workers.push(draft)
      // No more are kept waiting than was said.
      #expect(index + 1 - ready.count <= max(maximumInFlight, 1))
    }
    ready += try await workers.drain()
    #expect(try await workers.drain().isEmpty)
    try #require(ready.count == drafts.count)
    let decoder = try FrameDecoder()
    for (draft, output) in zip(drafts, ready) {
      let events = draft.parts.flatMap(\.self)
      let content = try decoder.content(of: output.frame.bytes, at: 0)
      #expect(content == (try Self.content(events)))
      #expect(output.frame.contentBytes == content.count)
      #expect(output.frame.digest == SHA256Digest(of: output.frame.bytes))
      #expect(output.frame.summary == FrameSummary(events))
      #expect(output.tail.anchors.first?.id == events.last?.id)
      #expect(output.tail.position == events.last?.position)
    }
  }

  @Test("One worker and many make the same bytes")
  func sameBytes() async throws {
    var files: [[Bytes]] = []
    for maximumInFlight in [1, 6] {
      let workers = try Self.workers(maximumInFlight: maximumInFlight)
      var ready: [FrameEncoder.Output] = []
      for draft in Self.drafts(12) { ready += try await workers.push(draft) }
      files.append((ready + (try await workers.drain())).map(\.frame.bytes))
    }
    #expect(files[0] == files[1])
  }

  @Test("Lines that turn out longer than was thought are divided, so that no frame is larger than was said")
  func division() async throws {
    // Each newline becomes two bytes.
    let text = Bytes(String(repeating: "\n", count: 300))
    let events = (0..<20).map { index in
      var event = ArchiveSamples.event(index)
      (event.isJSON, event.data) = (true, text)
      return event
    }
    let workers = try Self.workers(maximumBytes: 2000, maximumInFlight: 2)
    _ = try await workers.push(Self.draft(events))
    let ready = try await workers.drain()
    #expect(ready.count > 1)
    let decoder = try FrameDecoder()
    var content: [UInt8] = []
    for output in ready {
      #expect(output.frame.contentBytes <= 2000)
      content += try decoder.content(of: output.frame.bytes, at: 0)
    }
    #expect(Bytes(content) == (try Self.content(events)))
    #expect(ready.map(\.frame.summary.span.events).reduce(0, +) == events.count)
  }

  @Test("A line longer than a frame may be is a frame of its own, and the memory for it is not kept")
  func longLine() async throws {
    var events = (0..<3).map { ArchiveSamples.event($0) }
    events[1].data = Bytes([UInt8](repeating: 0xFF, count: 6 << 20))
    let workers = try Self.workers(maximumInFlight: 1)
    for _ in 0..<2 {
      _ = try await workers.push(Self.draft(events))
      let ready = try await workers.drain()
      #expect(ready.map(\.frame.summary.span.events) == [1, 1, 1])
    }
  }

  @Test("A level that zstd does not know is refused before the first frame")
  func badLevel() {
    let error = #expect(throws: ZstdError.self) {
      try FrameWorkers(level: 99, maximumInFlight: 1, tail: Self.emptyTail)
    }
    #expect(error?.code == .invalidParameter)
  }
}
