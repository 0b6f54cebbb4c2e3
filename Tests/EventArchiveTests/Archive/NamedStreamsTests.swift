import EventArchive
import EventStoreCore
import Testing

/// Some streams of an archive, looked for by name.
@Suite struct NamedStreamsTests {
  private static let names: Set<StreamName> = ["order-0", "order-2", "order-22", "rder-0", "nobody"]

  @Test("What the archive holds of named streams is what it says of them among all, in sealed and open segments")
  func summaries() async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(40), to: storage)
    let writer = try await ArchiveWriter.open(
      storage: storage, creating: ArchiveSamples.description, options: ArchiveOptions(maximumFrameBytes: 600),
      now: ArchiveSamples.clock())
    try await writer.append((40..<60).map(ArchiveSamples.event))
    try await writer.sync()
    await writer.abandon()
    let reader = try ArchiveReader(storage: storage)
    #expect(reader.segments.count > 1)
    #expect((reader.openSegment?.events ?? 0) > 0)
    let expected = try reader.streams().filter { Self.names.contains($0.stream) }
    #expect(expected.count >= 2)
    #expect(try reader.streams(named: Self.names) == expected)
    #expect(try reader.streams(named: []) == [])
    let events = try ArchiveSamples.all(reader.events(of: Self.names))
    #expect(events == (0..<60).map(ArchiveSamples.event).filter { Self.names.contains($0.stream) })
  }

  @Test("What was found once is found again, and other streams too, in whatever order they are asked for")
  func repeated() async throws {
    let storage = PowerCutStorage()
    let all = ArchiveSamples.events(120)
    try await ArchiveSamples.backup(all, to: storage)
    let reader = try ArchiveReader(storage: storage)
    #expect(reader.segments.count > 3)
    let questions: [Set<StreamName>] = [
      ["order-0"], ["order-0", "order-1"], ["order-1"], ["nobody"], [], ["order-2", "order-0"], ["order-0"],
    ]
    for streams in questions {
      let expected = all.filter { streams.contains($0.stream) }
      // Before anything was found, after it, and when something else was found last.
      #expect(try ArchiveSamples.all(reader.events(of: streams)) == expected)
      let summaries = try reader.streams(named: streams)
      #expect(summaries.map(\.events).reduce(0, +) == expected.count)
      #expect(try ArchiveSamples.all(reader.events(of: streams)) == expected)
    }
    #expect(try ArchiveSamples.all(reader.events()) == all)
  }

  @Test("Of frames that are decoded at once, those before a damaged one are given out, then the damage is told")
  func damagedLater() async throws {
    let storage = PowerCutStorage()
    var options = ArchiveSamples.options
    options.maximumSegmentBytes = 1 << 20
    let writer = try await ArchiveWriter.open(
      storage: storage, creating: ArchiveSamples.description, options: options, now: ArchiveSamples.clock())
    let all = ArchiveSamples.events(40)
    try await writer.append(all)
    try await writer.finish()
    let file = try #require(try ArchiveReader(storage: storage).segments.first?.file)
    let bytes = try #require(storage[file])
    let starts = bytes.indices.filter { bytes[$0...].starts(with: [0x28, 0xB5, 0x2F, 0xFD]) }
    #expect(starts.count > 5)
    storage[file]?[starts[4] + 20] ^= 1
    let cursor = try ArchiveReader(storage: storage).events(of: ["order-0", "order-1", "order-2"])
    var read: [RecordedEvent] = []
    for _ in 0..<4 { read += try #require(try cursor.nextBatch()) }
    #expect(read == all.filter { !$0.stream.isMetadataStream }.prefix(read.count).map(\.self))
    for _ in 0..<2 {
      #expect(#expect(throws: ArchiveError.self) { try cursor.nextBatch() }?.code == .damaged)
    }
  }

  @Test("Lines of wanted streams are found however their keys are ordered and their names written")
  func lines() throws {
    let rest =
      #""number":0,"id":"00000000-0000-0000-0000-000000000001","type":"t","created":"2026-01-01T00:00:00Z","json":false"#
    let lines = [
      #"{"stream":"other",\#(rest)}"#, #"{"stream":"wanted",\#(rest)}"#, #"{\#(rest),"stream":"wanted"}"#,
      #"{"stream":"want\u0065d",\#(rest)}"#, #"{"streamBase64":"/w==",\#(rest)}"#, #"{"stream":"unwanted",\#(rest)}"#,
      #"{\#(rest),"stream":"other"}"#, #"{ "stream" : "wanted",\#(rest)}"#,
    ]
    let content = Bytes(lines.map { $0 + "\n" }.joined())
    let wanted: Set<StreamName> = ["wanted", StreamName(utf8: [0xFF])]
    var decoder = EventLineDecoder()
    let all = try decoder.decodeFrame(content)
    #expect(all.count == lines.count)
    let found = try decoder.decodeFrame(content, only: WantedStreams(wanted))
    #expect(found == all.filter { wanted.contains($0.stream) })
    #expect(found.count == 5)
  }
}
