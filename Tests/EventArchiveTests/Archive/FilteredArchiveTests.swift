import EventArchive
import EventStoreCore
import Testing

/// Archives that hold only what a filter takes.
@Suite struct FilteredArchiveTests {
  private static func description(_ filter: EventFilter) -> ArchiveDescription {
    var description = ArchiveSamples.description
    description.filter = filter
    return description
  }

  private static func open(_ storage: PowerCutStorage, _ filter: EventFilter) async throws -> ArchiveWriter {
    try await ArchiveWriter.open(
      storage: storage, creating: description(filter), options: ArchiveSamples.options, now: ArchiveSamples.clock())
  }

  private static func firstLine(of storage: PowerCutStorage) throws -> String {
    let manifest = try #require(storage["manifest.ndjson"])
    return String(decoding: try #require(manifest.split(separator: 0x0A).first), as: UTF8.self)
  }

  @Test("The manifest's first line holds the patterns, sorted, and only the kinds that there are")
  func line() async throws {
    let storage = PowerCutStorage()
    let filter = EventFilter(includeStreams: ["order-", "~\"é\\d\"$"], excludeTypes: ["T", "$>", "T"])
    try await Self.open(storage, filter).finish()
    #expect(
      try Self.firstLine(of: storage).contains(
        #""filters":{"includeSystem":false,"includeStreams":["order-","~\"é\\d\"$"],"excludeTypes":["$>","T"]},"#))
    #expect(try ArchiveReader(storage: storage).description == Self.description(filter))
    #expect(try ArchiveVerifier(storage: storage).verify().faults == [])
    let plain = PowerCutStorage()
    try await Self.open(plain, .everything).finish()
    #expect(try Self.firstLine(of: plain).contains(#""filters":{"includeSystem":false},"#))
  }

  @Test("The same patterns in another order go on; any other selection is refused with both in words")
  func resume() async throws {
    let storage = PowerCutStorage()
    let filter = EventFilter(includeStreams: ["a", "b"], excludeTypes: ["T"])
    try await Self.open(storage, filter).finish()
    try await Self.open(storage, EventFilter(includeStreams: ["b", "a"], excludeTypes: ["T"])).finish()
    let before = storage["manifest.ndjson"]
    for other in [
      EventFilter.everything, EventFilter(includeStreams: ["a"], excludeTypes: ["T"]),
      EventFilter(includeStreams: ["a", "b"], includeTypes: ["T"]),
    ] {
      let error = await #expect(throws: ArchiveError.self) { try await Self.open(storage, other) }
      #expect(error?.code == .scopeMismatch)
      #expect(
        error?.message.hasPrefix(
          #"the archive holds $all without system streams, only streams "a" or "b", no types "T", not $all without"#)
          == true)
    }
    #expect(storage["manifest.ndjson"] == before)
  }

  @Test("A stream whose numbers have holes, because types were left out, verifies")
  func holes() async throws {
    let storage = PowerCutStorage()
    let writer = try await Self.open(storage, EventFilter(excludeTypes: ["T"]))
    let events = ArchiveSamples.events(40).enumerated().filter { $0.offset % 3 != 1 }.map(\.element)
    try await writer.append(events)
    try await writer.finish()
    #expect(try ArchiveVerifier(storage: storage).verify().faults == [])
    #expect(try ArchiveSamples.content(of: storage) == events)
  }

  @Test("A list of streams has no filter, and an old line without patterns means everything")
  func none() async throws {
    let storage = PowerCutStorage()
    let description = ArchiveSamples.description(streams: ["a"])
    try await ArchiveWriter.open(
      storage: storage, creating: description, options: ArchiveSamples.options, now: ArchiveSamples.clock()
    ).finish()
    #expect(try !Self.firstLine(of: storage).contains("filters"))
    #expect(try ArchiveReader(storage: storage).description.filter.takesEverything)
  }
}
