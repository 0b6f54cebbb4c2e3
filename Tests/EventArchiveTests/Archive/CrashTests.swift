import EventArchive
import EventStoreCore
import Testing

/// A backup in two runs, and what becomes of it when it is disturbed at every single call.
@Suite struct CrashTests {
  private static let events = ArchiveSamples.events(60)
  private static let end = Position(commit: 100_000, prepare: 100_000)

  /// The first run takes the first 38 events, the second one the rest; each ends with a checkpoint.
  private static func twoRuns(_ storage: any ArchiveStorage) async throws {
    try await ArchiveSamples.backup(Array(events.prefix(38)), to: storage)
    try await ArchiveSamples.backup(events, to: storage, upTo: end)
  }

  @Test("An undisturbed backup holds every event in several segments, and is sound")
  func undisturbed() async throws {
    let storage = PowerCutStorage()
    try await Self.twoRuns(storage)
    let reader = try ArchiveReader(storage: storage)
    #expect(try ArchiveSamples.all(reader.events()) == Self.events)
    #expect(reader.segments.count >= 4)
    #expect(reader.checkpoint?.position == Self.end)
    #expect(reader.openSegment == nil)
    let report = try ArchiveVerifier(storage: storage).verify()
    #expect(report.faults == [])
    #expect(report.notes == [])
    #expect(report.events == Self.events.count)
    #expect(report.headDigest == reader.headDigest)
  }

  @Test(
    "After a power cut at any call the archive is sound, and a resumed run ends with the same events",
    arguments: PowerCutStorage.Survival.allCases)
  func powerCut(_ survival: PowerCutStorage.Survival) async throws {
    var call = 1
    while true {
      let storage = PowerCutStorage(fault: .powerCut(at: call))
      do {
        try await Self.twoRuns(storage)
        #expect(!storage.hasFired)
        break
      } catch {
        #expect(storage.hasFired, "call \(call): \(error)")
      }
      let restarted = storage.restarted(survival)
      try Self.expectSoundPrefix(restarted, call)
      try await Self.twoRuns(restarted)
      try Self.expectWhole(restarted, call)
      call += 1
    }
    #expect(call > 60)
  }

  @Test("A power cut while a crashed archive is being recovered loses nothing either")
  func powerCutInRecovery() async throws {
    // Calls at which the first crash leaves a torn manifest, an unrecorded segment and a torn open segment behind.
    for first in stride(from: 12, to: 60, by: 3) {
      let storage = PowerCutStorage(fault: .powerCut(at: first))
      await #expect(throws: ArchiveError.self) { try await Self.twoRuns(storage) }
      for second in 1...12 {
        let crashed = storage.restarted(.tornTails)
        crashed.plan(.powerCut(at: second))
        await #expect(throws: ArchiveError.self) { try await Self.twoRuns(crashed) }
        let restarted = crashed.restarted(.tornTails)
        try Self.expectSoundPrefix(restarted, second)
        try await Self.twoRuns(restarted)
        try Self.expectWhole(restarted, second)
      }
    }
  }

  @Test("A disk that is full at any call is told as such, and the same command goes on when there is space")
  func diskFull() async throws {
    var call = 1
    while true {
      let storage = PowerCutStorage(fault: .diskFull(at: call))
      do {
        try await Self.twoRuns(storage)
        #expect(!storage.hasFired)
        break
      } catch let error as ArchiveError {
        #expect(error.code == .diskFull, "call \(call): \(error)")
      }
      try Self.expectSoundPrefix(storage, call)
      try await Self.twoRuns(storage)
      try Self.expectWhole(storage, call)
      call += 1
    }
    #expect(call > 60)
  }

  @Test("After a failed sync the writer syncs nothing more, and the next run goes on from what was durable")
  func failedSync() async throws {
    var sync = 1
    while true {
      let storage = PowerCutStorage(fault: .syncFailure(at: sync))
      do {
        try await Self.twoRuns(storage)
        #expect(!storage.hasFired)
        break
      } catch let error as ArchiveError {
        #expect(error.code == .ioFailed, "sync \(sync): \(error)")
      }
      #expect(storage.syncsAfterFailure == 0)
      let restarted = storage.restarted(.nothing)
      try Self.expectSoundPrefix(restarted, sync)
      try await Self.twoRuns(restarted)
      try Self.expectWhole(restarted, sync)
      sync += 1
    }
    #expect(sync > 15)
  }

  @Test("What the writer calls durable survives a power cut at any later call")
  func durableSurvives() async throws {
    for call in 10..<50 {
      let storage = PowerCutStorage(fault: .powerCut(at: call))
      var durable: Position?
      do {
        let writer = try await ArchiveWriter.open(
          storage: storage, creating: ArchiveSamples.description, options: ArchiveSamples.options,
          now: ArchiveSamples.clock())
        for event in Self.events {
          try await writer.append([event])
          durable = await writer.durablePosition
        }
      } catch {
        #expect(storage.hasFired)
      }
      let content = try ArchiveSamples.content(of: storage.restarted(.nothing))
      #expect(content.last?.position ?? .start >= durable ?? .start, "call \(call)")
    }
  }

  /// The archive is not there yet, or it is sound and holds the first events of the log.
  private static func expectSoundPrefix(_ storage: PowerCutStorage, _ call: Int) throws {
    do {
      let content = try ArchiveSamples.content(of: storage)
      #expect(content == Array(events.prefix(content.count)), "call \(call)")
    } catch let error as ArchiveError {
      #expect(error.code == .notAnArchive, "call \(call): \(error)")
      return
    }
    #expect(try ArchiveVerifier(storage: storage).verify().faults == [], "call \(call)")
  }

  private static func expectWhole(_ storage: PowerCutStorage, _ call: Int) throws {
    #expect(try ArchiveSamples.content(of: storage) == events, "call \(call)")
    let report = try ArchiveVerifier(storage: storage).verify()
    #expect(report.faults == [], "call \(call)")
    #expect(report.events == events.count, "call \(call)")
  }
}
