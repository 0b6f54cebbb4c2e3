import EventArchive
import EventStoreCore
import Testing

/// What the writer promises while nothing goes wrong.
@Suite struct WriterTests {
  private static func open(
    _ storage: any ArchiveStorage, _ description: ArchiveDescription = ArchiveSamples.description,
    options: ArchiveOptions = ArchiveSamples.options
  ) async throws -> ArchiveWriter {
    try await ArchiveWriter.open(
      storage: storage, creating: description, options: options, now: ArchiveSamples.clock())
  }

  @Test("A new archive is empty, and a run without news changes nothing but the lock")
  func emptyRun() async throws {
    let storage = PowerCutStorage()
    let writer = try await Self.open(storage)
    #expect(writer.isNew)
    #expect(writer.resumePoint == ResumePoint())
    try await writer.finish()
    let manifest = storage["manifest.ndjson"]
    #expect(storage.paths == ["lock.json", "manifest.ndjson"])
    let again = try await Self.open(storage)
    #expect(!again.isNew)
    try await again.finish()
    #expect(storage["manifest.ndjson"] == manifest)
    let reader = try ArchiveReader(storage: storage)
    #expect(reader.checkpoint == nil)
    #expect(reader.eventCount == 0)
    #expect(reader.description == ArchiveSamples.description)
    #expect(try reader.events().nextBatch() == nil)
    #expect(try ArchiveVerifier(storage: storage).verify().isSound)
  }

  @Test("The next run continues at the last event, and knows the source again by the last few")
  func resumePoint() async throws {
    let storage = PowerCutStorage()
    let events = ArchiveSamples.events(20)
    try await ArchiveSamples.backup(events, to: storage)
    let writer = try await Self.open(storage)
    #expect(writer.resumePoint.checkpoint == events[19].position)
    #expect(writer.resumePoint.anchors.prefix(3).map(\.id) == [events[19].id, events[18].id, events[17].id])
    await writer.abandon()
  }

  @Test("An open segment is continued, and its last events are the anchors")
  func continuesOpenSegment() async throws {
    let storage = PowerCutStorage()
    let events = ArchiveSamples.events(4)
    let options = ArchiveOptions()
    let writer = try await Self.open(storage, options: options)
    try await writer.append(Array(events.prefix(3)))
    #expect(await writer.durablePosition == nil)
    try await writer.sync()
    #expect(await writer.durablePosition == events[2].position)
    await writer.abandon()
    let reader = try ArchiveReader(storage: storage)
    #expect(reader.openSegment?.events == 3)
    #expect(reader.openSegment?.tornBytes == 0)
    #expect(reader.notes.count == 1)
    #expect(reader.checkpoint?.position == events[2].position)
    #expect(try reader.streams().map(\.events).reduce(0, +) == 3)
    let next = try await Self.open(storage, options: options)
    #expect(next.resumePoint.checkpoint == events[2].position)
    #expect(next.resumePoint.anchors.map(\.id) == [events[2].id, events[1].id, events[0].id])
    try await next.append([events[3]])
    try await next.finish()
    #expect(try ArchiveReader(storage: storage).segments.map(\.events) == [4])
    #expect(try ArchiveSamples.content(of: storage) == events)
  }

  @Test("Segments are sealed by size, but never inside one commit position")
  func sealsBetweenCommits() async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(200), to: storage)
    let segments = try ArchiveReader(storage: storage).segments
    #expect(segments.count > 10)
    for (before, after) in zip(segments, segments.dropFirst()) {
      #expect(before.last.position?.commit != after.first.position?.commit)
      #expect(after.sequence == before.sequence + 1)
    }
  }

  @Test("Segments are sealed by age, at the next event")
  func sealsByAge() async throws {
    let storage = PowerCutStorage()
    var options = ArchiveOptions()
    options.maximumSegmentAge = .milliseconds(50)
    let writer = try await Self.open(storage, options: options)
    for event in ArchiveSamples.events(100) { try await writer.append([event]) }
    try await writer.finish()
    #expect(try ArchiveReader(storage: storage).segments.count > 1)
    #expect(try ArchiveSamples.content(of: storage) == ArchiveSamples.events(100))
  }

  @Test("Without new events a segment is sealed when it is old and somebody asks, and not before")
  func sealsIdleByAge() async throws {
    let storage = PowerCutStorage()
    var options = ArchiveOptions()
    options.maximumSegmentAge = .milliseconds(20)
    let writer = try await Self.open(storage, options: options)
    try await writer.append(ArchiveSamples.events(3))
    try await writer.sealIfOld()
    #expect(try ArchiveReader(storage: storage).segments.isEmpty)
    for _ in 0..<20 { try await writer.sealIfOld() }
    #expect(try ArchiveReader(storage: storage).segments.map(\.events) == [3])
    #expect(await writer.durablePosition == ArchiveSamples.event(2).position)
    let manifest = storage["manifest.ndjson"]
    for _ in 0..<50 { try await writer.sealIfOld() }
    #expect(storage["manifest.ndjson"] == manifest)
    try await writer.append([ArchiveSamples.event(3)])
    try await writer.finish()
    #expect(try ArchiveReader(storage: storage).segments.map(\.events) == [3, 1])
    #expect(try ArchiveVerifier(storage: storage).verify().isSound)
  }

  @Test("A checkpoint inside a commit position seals nothing, however old the segment is")
  func keepsCommitsTogether() async throws {
    let storage = PowerCutStorage()
    var options = ArchiveOptions()
    options.maximumSegmentAge = .milliseconds(1)
    let writer = try await Self.open(storage, options: options)
    // The fourth and the fifth event share a commit position.
    try await writer.append(ArchiveSamples.events(4))
    let last = try #require(ArchiveSamples.event(3).position)
    try await writer.recordCheckpoint(Position(commit: last.commit, prepare: last.prepare + 1), anchors: [])
    try await writer.append([ArchiveSamples.event(4)])
    try await writer.finish()
    #expect(try ArchiveReader(storage: storage).segments.map(\.events) == [5])
  }

  @Test("A checkpoint after the last event is recorded at the end, once, and the next run continues there")
  func checkpoint() async throws {
    let storage = PowerCutStorage()
    let end = Position(commit: 9000, prepare: 9000)
    let anchor = Anchor(position: end, id: EventID(high: 9, low: 9))
    for _ in 0..<2 {
      let writer = try await Self.open(storage)
      if writer.isNew { try await writer.append(ArchiveSamples.events(5)) }
      try await writer.recordCheckpoint(end, anchors: [anchor])
      try await writer.finish()
    }
    let lines = try #require(storage["manifest.ndjson"]).split(separator: 0x0A)
    #expect(lines.count == 3)
    let writer = try await Self.open(storage)
    #expect(writer.resumePoint.checkpoint == end)
    #expect(writer.resumePoint.anchors.first == anchor)
    await #expect(throws: ArchiveError.self) { try await writer.append([ArchiveSamples.event(50)]) }
    await writer.abandon()
  }

  @Test("While following, checkpoints are recorded at most once per segment age")
  func checkpointsByAge() async throws {
    let storage = PowerCutStorage()
    var options = ArchiveOptions()
    options.maximumSegmentAge = .milliseconds(100)
    let writer = try await Self.open(storage, options: options)
    for commit in 1...300 {
      let position = Position(commit: Int64(commit), prepare: Int64(commit))
      try await writer.recordCheckpoint(position, anchors: [])
    }
    let lines = try #require(storage["manifest.ndjson"]).split(separator: 0x0A).count
    #expect((2...5).contains(lines), "\(lines)")
    try await writer.finish()
    #expect(try ArchiveReader(storage: storage).checkpoint?.position == Position(commit: 300, prepare: 300))
  }

  @Test("An event that does not come after the one before is refused, and what came before it is kept")
  func outOfOrder() async throws {
    let storage = PowerCutStorage()
    let writer = try await Self.open(storage)
    try await writer.append(ArchiveSamples.events(3))
    for event in [ArchiveSamples.event(2), ArchiveSamples.event(1)] {
      let error = await #expect(throws: ArchiveError.self) { try await writer.append([event]) }
      #expect(error?.code == .outOfOrder)
    }
    var event = ArchiveSamples.event(7)
    event.position = nil
    await #expect(throws: ArchiveError.self) { try await writer.append([event]) }
    try await writer.finish()
    #expect(try ArchiveSamples.content(of: storage) == ArchiveSamples.events(3))
  }

  @Test("An archive of single streams keeps each stream's progress instead of a position")
  func scopeOfStreams() async throws {
    let storage = PowerCutStorage()
    let odd = StreamName(utf8: [0xFF, 0x00, 0x22])
    let description = ArchiveSamples.description(streams: ["b", odd, "a"])
    func event(_ stream: StreamName, _ number: Int64) -> RecordedEvent {
      var event = ArchiveSamples.event(Int(number))
      (event.stream, event.number, event.position) = (stream, number, nil)
      return event
    }
    let first = [event("a", 0), event("a", 4), event(odd, 7)]
    let writer = try await Self.open(storage, description)
    try await writer.append(first)
    try await writer.finish()
    let next = try await Self.open(storage, ArchiveSamples.description(streams: [odd, "a", "b", "a"]))
    #expect(next.resumePoint.checkpoint == nil)
    #expect(next.resumePoint.streams.mapValues(\.number) == ["a": 4, odd: 7])
    let error = await #expect(throws: ArchiveError.self) { try await next.append([event("a", 4)]) }
    #expect(error?.code == .outOfOrder)
    try await next.append([event("b", 1), event("a", 5)])
    try await next.finish()
    let reader = try ArchiveReader(storage: storage)
    #expect(try ArchiveSamples.all(reader.events()) == first + [event("b", 1), event("a", 5)])
    #expect(reader.progress.map(\.number) == [5, 1, 7])
    #expect(try ArchiveVerifier(storage: storage).verify().faults == [])
  }

  @Test("An archive with another scope is refused")
  func scopeMismatch() async throws {
    let storage = PowerCutStorage()
    try await ArchiveSamples.backup(ArchiveSamples.events(3), to: storage)
    var others = [ArchiveSamples.description(streams: ["a"]), ArchiveSamples.description]
    others[1].scope = .all(includeSystem: true)
    for other in others {
      let error = await #expect(throws: ArchiveError.self) { try await Self.open(storage, other) }
      #expect(error?.code == .scopeMismatch)
    }
    // The lock was given back each time.
    try await ArchiveSamples.backup(ArchiveSamples.events(4), to: storage)
  }

  @Test("Gaps are kept, whatever they are of")
  func gaps() async throws {
    let storage = PowerCutStorage()
    let writer = try await Self.open(storage)
    let extents: [ArchiveGap.Extent] = [
      .stream("lost"), .numbers("holes", 3...9),
      .positions(after: Position(commit: 1, prepare: 1), before: Position(commit: 8, prepare: 8)),
    ]
    for extent in extents { try await writer.recordGap(extent, reason: "the \"chunk\" is\nbroken") }
    // A nightly run that meets the same gap adds no line.
    for extent in extents { try await writer.recordGap(extent, reason: "the \"chunk\" is\nbroken") }
    try await writer.finish()
    let gaps = try ArchiveReader(storage: storage).gaps
    #expect(gaps.map(\.extent) == extents)
    #expect(gaps.allSatisfy { $0.reason == "the \"chunk\" is\nbroken" })
  }

  @Test("Calls from several tasks take turns")
  func turns() async throws {
    let storage = PowerCutStorage()
    let writer = try await Self.open(storage)
    try await withThrowingTaskGroup { group in
      group.addTask { for event in ArchiveSamples.events(80) { try await writer.append([event]) } }
      for _ in 0..<4 { group.addTask { for _ in 0..<20 { try await writer.sync() } } }
      try await group.waitForAll()
    }
    try await writer.finish()
    #expect(try ArchiveSamples.content(of: storage) == ArchiveSamples.events(80))
    #expect(await writer.totals.events == 80)
  }

  @Test("A finished writer takes nothing more")
  func closed() async throws {
    let writer = try await Self.open(PowerCutStorage())
    try await writer.finish()
    let error = await #expect(throws: ArchiveError.self) { try await writer.append([]) }
    #expect(error?.code == .closed)
  }

  @Test("Streams are summed up over all segments, page by page, in the order of their names")
  func streamPages() async throws {
    let storage = PowerCutStorage()
    let events = ArchiveSamples.events(100)
    try await ArchiveSamples.backup(events, to: storage)
    let reader = try ArchiveReader(storage: storage)
    let expected = Dictionary(grouping: events, by: \.stream).map { stream, events in
      StreamSummary(
        stream: stream, events: events.count, firstNumber: events[0].number, lastNumber: events[events.count - 1].number
      )
    }.sorted { $0.stream < $1.stream }
    #expect(try reader.streams() == expected)
    var paged: [StreamSummary] = []
    while true {
      let page = try reader.streams(after: paged.last?.stream, limit: 1)
      paged += page
      if page.isEmpty { break }
    }
    #expect(paged == expected)
    for each in expected {
      let found = try ArchiveSamples.all(reader.events(of: [each.stream]))
      #expect(found == events.filter { $0.stream == each.stream })
    }
  }
}
