import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import TestSupport
import Testing

@Suite("The order of writing", .timeLimit(.minutes(2)))
struct OrderTests {
  /// Ten streams, interleaved by chance.
  private func bench(seed: UInt64 = 1) async throws -> RestoreBench {
    let bench = RestoreBench()
    var random = SeededRandom(seed: seed)
    for round in 0..<120 {
      bench.log.write(Samples.events(0..<1 + random.below(3)), to: StreamName("s\(random.below(10))"))
      if random.oneIn(5) { bench.log.setMetadata("{\"round\":\(round)}", of: StreamName("s\(random.below(10))")) }
    }
    try await bench.archive()
    return bench
  }

  @Test("One append at a time keeps the archive's order over all streams; metadata come after", arguments: 1...5)
  func archiveOrder(seed: UInt64) async throws {
    var bench = try await bench(seed: seed)
    bench.configuration.inFlight = 1
    let target = OverlappingTarget(LogConnection(bench.target))
    let report = try await bench.run(to: target)
    #expect(report.order == .global && target.most == 1)
    let archived = try bench.archived.filter { !$0.stream.isMetadataStream }.map(\.id)
    let restored = try await Samples.all(of: bench.target)
    #expect(restored.prefix(archived.count).map(\.id) == archived)
    #expect(restored.dropFirst(archived.count).allSatisfy { $0.stream.isMetadataStream })
    try await bench.expectWhole()
  }

  @Test("With one append at a time neighbouring events of a stream still go together")
  func neighbours() async throws {
    var bench = RestoreBench()
    // One frame, however slow the machine is: a sync ends a frame too.
    bench.source.options.maximumFrameBytes = 1 << 20
    bench.source.options.syncInterval = .seconds(3600)
    for round in 0..<6 { bench.log.write(Samples.events(0..<5), to: round.isMultiple(of: 2) ? "a" : "b") }
    try await bench.archive()
    bench.configuration.inFlight = 1
    let target = OverlappingTarget(LogConnection(bench.target))
    try await bench.run(to: target)
    #expect(target.appends == 6)
  }

  @Test(
    "Many appends are under way at a time, but never two of one stream, and never more than allowed",
    arguments: [2, 4, 64])
  func manyInFlight(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    bench.configuration.maximumAppendEvents = 1
    let target = OverlappingTarget(LogConnection(bench.target))
    let report = try await bench.run(to: target)
    #expect(report.outcome == .finished && report.order == .stream)
    #expect(target.most > 1 && target.most <= inFlight)
    #expect(target.mostOfOneStream == 1)
    try await bench.expectWhole()
  }
}

/// A target whose appends take a while, and that counts how many are under way.
private final class OverlappingTarget: ForwardingStore {
  private struct State {
    var streams: [StreamName: Int] = [:]
    var most = 0
    var mostOfOneStream = 0
    var appends = 0
  }

  let store: LogConnection
  private let state = Locked(State())

  init(_ store: LogConnection) {
    self.store = store
  }

  var most: Int { state.withLock { $0.most } }
  var mostOfOneStream: Int { state.withLock { $0.mostOfOneStream } }
  var appends: Int { state.withLock { $0.appends } }

  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    state.withLock { state in
      state.appends += 1
      state.streams[stream, default: 0] += 1
      state.most = max(state.most, state.streams.values.reduce(0, +))
      state.mostOfOneStream = max(state.mostOfOneStream, state.streams[stream] ?? 0)
    }
    defer { state.withLock { $0.streams[stream, default: 1] -= 1 } }
    for _ in 0..<20 { await Task.yield() }
    return try await store.append(events, to: stream, expected: expected)
  }
}
