import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Comparisons of a part, and what cannot be compared")
struct CompareScopeTests {
  private let bench = CompareBench()

  @Test("With named streams only these are compared, a hard-deleted one too, and nobody looks for extra ones")
  func named() async throws {
    bench.log.write("a", to: "one")
    bench.log.write("a", to: "two")
    bench.log.write("a", to: "deleted")
    bench.log.remove("deleted", hard: true)
    try await bench.copy(["one", "deleted"])
    bench.target.write("a", to: "extra")
    for (name, report) in try await bench.runAll({ $0.streams = ["one", "deleted"] }) {
      #expect(report.outcome == .equal && report.streams.same == 2, "\(name): \(report.found)")
      #expect(report.streams.extra == nil, "\(name)")
    }
    for (name, report) in try await bench.runAll({ $0.streams = ["one", "two"] }) {
      #expect(report.found == ["missing two"], "\(name)")
    }
  }

  @Test("A named stream that the reference does not hold makes the run incomplete")
  func notInReference() async throws {
    bench.log.write("a", to: "one")
    try await bench.copy()
    for (name, report) in try await bench.runAll({ $0.streams = ["one", "none"] }) {
      #expect(report.outcome == .incomplete && report.found == ["notInReference none"], "\(name)")
      #expect(report.streams.notCompared == 1 && report.streams.same == 1, "\(name)")
    }
  }

  @Test("An archive of single streams claims nothing about others")
  func archiveOfStreams() async throws {
    var bench = bench
    bench.source.scope = .list(["one"])
    bench.log.write("a", to: "one")
    try await bench.copy()
    bench.target.write("a", to: "extra")
    let report = try await bench.run()
    #expect(report.outcome == .equal && report.streams.extra == nil, "\(report.found)")
  }

  @Test("Streams that may not be read, and $all, make the run incomplete")
  func denied() async throws {
    for log in [bench.log, bench.target] {
      log.write([Samples.event("a", id: EventID(high: 0, low: 1))], to: "open")
      log.write([Samples.event("a", id: EventID(high: 0, low: 2))], to: "closed")
      log.setMetadata(#"{"$acl":{"$r":"$admins"}}"#, of: "closed")
    }
    try await bench.archive()
    let user = LogConnection(bench.target, as: Principal(name: "somebody", groups: []))
    for isFull in [false, true] {
      let report = try await bench.run({ $0.isFull = isFull }, against: user)
      #expect(report.outcome == .incomplete && report.found == ["accessDenied closed"])
      #expect(report.streams.same == 1 && report.streams.extra == nil && report.warnings.count == 1)
    }
    let alone = await #expect(throws: EventStoreError.self) {
      try await bench.run({ $0.streams = ["closed"] }, against: user)
    }
    #expect(alone?.code == .accessDenied)
  }

  @Test("A source whose $all may not be read is an error")
  func sourceDenied() async throws {
    bench.log.write("a", to: "one")
    let user = LogConnection(bench.log, as: Principal(name: "somebody", groups: []))
    let error = await #expect(throws: EventStoreError.self) { try await bench.runWithSource(through: user) }
    #expect(error?.code == .accessDenied && error?.hint != nil)
  }

  @Test("What comes to the source after the run began is not compared")
  func later() async throws {
    bench.log.write(Samples.events(0..<30), to: "s")
    try await bench.copy()
    let log = bench.log
    let hasWritten = Locked(false)
    let source = HookedStore(LogConnection(log)) { call in
      guard case .readAll(.forward, _) = call else { return }
      let isFirst = hasWritten.withLock { written in
        defer { written = true }
        return !written
      }
      if isFirst { log.write("later", to: "t") }
    }
    let report = try await bench.runWithSource(through: source)
    #expect(hasWritten.withLock { $0 })
    #expect(report.outcome == .equal && report.events.reference == 30, "\(report.found)")
  }

  @Test("Settings that make no sense are refused")
  func settings() async throws {
    try await bench.archive()
    for change: @Sendable (inout CompareConfiguration) -> Void in [
      { $0.streams = [] }, { $0.inFlight = 0 }, { $0.pageSize = 0 }, { $0.retry.stallTimeout = .zero },
    ] {
      let error = await #expect(throws: ReplicationError.self) { try await bench.run(change) }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("Two streams that one name on the target stands for are refused")
  func clash() async throws {
    bench.log.write("a", to: "a-1")
    bench.log.write("a", to: "b-1")
    try await bench.archive()
    let error = await #expect(throws: ReplicationError.self) {
      try await bench.run { $0.renames = [StreamRename(prefix: "a-", replacement: "b-")] }
    }
    #expect(error?.code == .invalidArgument)
  }
}
