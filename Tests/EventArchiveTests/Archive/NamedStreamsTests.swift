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
