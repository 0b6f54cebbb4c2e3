import EventArchive
import EventStoreCore
import Testing

@testable import Replication

@Suite struct FollowWatchTests {
  private let clock = TestClock(skipping: .seconds(5))

  private func watch(stallTimeout: Duration = .seconds(40)) -> FollowWatch {
    let patience = Patience(
      policy: RetryPolicy(initialDelay: .seconds(1), maximumDelay: .seconds(4), jitter: 0, stallTimeout: stallTimeout),
      stopwatch: Stopwatch(clock), stop: StopSignal(), logger: Samples.quiet)
    return FollowWatch(patience: patience, syncInterval: .seconds(2))
  }

  @Test("The source's end is looked at several times within the stall time-out, and at least every ten seconds")
  func looks() throws {
    var watch = watch()
    #expect(!watch.isTimeToLook)
    clock.advance(by: .seconds(5))
    #expect(watch.isTimeToLook)
    try watch.looked(isBehind: false, doing: "following")
    #expect(!watch.isTimeToLook)

    let patient = self.watch(stallTimeout: .seconds(3600))
    clock.advance(by: .milliseconds(9_999))
    #expect(!patient.isTimeToLook)
    clock.advance(by: .milliseconds(1))
    #expect(patient.isTimeToLook)
  }

  @Test("Behind for the whole time-out without anything coming is a stall that says so")
  func stalls() throws {
    var watch = watch()
    try watch.looked(isBehind: true, doing: "following $all")
    clock.advance(by: .seconds(39))
    try watch.looked(isBehind: true, doing: "following $all")
    clock.advance(by: .seconds(1))
    let error = #expect(throws: ReplicationError.self) { try watch.looked(isBehind: true, doing: "following $all") }
    #expect(error?.code == .stalled && error?.message.contains("following $all") == true)
  }

  @Test("Whatever comes starts the time anew")
  func progress() throws {
    var watch = watch()
    for _ in 0..<5 {
      try watch.looked(isBehind: true, doing: "following")
      clock.advance(by: .seconds(30))
      watch.progressed()
    }
  }

  @Test("What came is made durable when the sync interval has passed, not before")
  func syncs() async throws {
    let storage = MemoryStorage()
    let archive = try await Samples.open(storage, options: ArchiveOptions(syncInterval: .seconds(1000)))
    var watch = watch()
    try await archive.append([try #require(resolved(10).event)])
    clock.advance(by: .milliseconds(1_999))
    try await watch.syncIfDue(archive)
    #expect(await archive.durablePosition == nil)
    clock.advance(by: .milliseconds(1))
    try await watch.syncIfDue(archive)
    #expect(await archive.durablePosition == at(10))
    await archive.abandon()
  }

  @Test("A feed that was dropped is begun again after longer and longer waits; a permanent failure is not")
  func failures() async throws {
    var watch = watch()
    let dropped = EventStoreError(.subscriptionDropped, "the server ended it")
    for expected in [1, 3, 7] {
      try await watch.failed(dropped, doing: "following")
      #expect(clock.elapsed == .seconds(expected))
    }
    watch.progressed()
    try await watch.failed(dropped, doing: "following")
    #expect(clock.elapsed == .seconds(8))
    let denied = EventStoreError(.accessDenied, "not for you")
    await #expect(throws: denied) { try await watch.failed(denied, doing: "following") }
  }

  @Test("A feed that fails again and again without bringing anything is a stall in the end")
  func neverComes() async {
    var watch = watch()
    let dropped = EventStoreError(.subscriptionDropped, "the server ended it")
    var error: (any Error)?
    for _ in 0..<100 where error == nil {
      do { try await watch.failed(dropped, doing: "following") } catch let failure { error = failure }
    }
    #expect((error as? ReplicationError)?.code == .stalled)
    #expect(clock.elapsed == .seconds(40))
  }
}
