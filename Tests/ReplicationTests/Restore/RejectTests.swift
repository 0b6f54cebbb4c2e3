import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("What the target does not take", .timeLimit(.minutes(2)))
struct RejectTests {
  private static let limits = WriteLimits(
    maximumEventBytes: 1000, maximumAppendBytes: 5000, maximumAppendEvents: 100)

  /// A stream whose event 4 is larger than the limits, between others.
  private func bench() async throws -> RestoreBench {
    let bench = RestoreBench()
    for number in 0..<10 {
      bench.log.write(number == 4 ? String(repeating: "x", count: 1200) : "number \(number)", to: "s")
      bench.log.write("number \(number)", to: "t")
    }
    try await bench.archive()
    return bench
  }

  private func small(_ bench: RestoreBench) -> LogConnection {
    LogConnection(bench.target, limits: Self.limits)
  }

  @Test("An oversize event goes to the rejects; its stream ends there, the others go on", arguments: [1, 8])
  func oversize(inFlight: Int) async throws {
    var bench = try await bench()
    bench.configuration.inFlight = inFlight
    let report = try await bench.run(to: small(bench))
    #expect(bench.rejects.rejected.map(\.event) == (try bench.archived.filter { $0.stream == "s" && $0.number == 4 }))
    #expect(bench.rejects.rejected.first?.reason.isEmpty == false)
    #expect(try await bench.restored("s").map(\.number) == [0, 1, 2, 3])
    #expect(try await bench.restored("t").count == 10)
    #expect(report.outcome == .incomplete)
    #expect(report.streams.cutShort == 1 && report.streams.created == 1)
    #expect(report.events.rejected == 1 && report.events.notWritten == 5 && report.events.appended == 14)
    #expect(report.issues.map(\.kind) == [.rejected] && report.issues.map(\.number) == [4])
    #expect(report.issues.map(\.stream) == ["s"] && report.issueCount == 1)
  }

  @Test("A repeat rejects the same event again and writes nothing; a target with larger limits takes the rest")
  func repeated() async throws {
    let bench = try await bench()
    try await bench.run(to: small(bench))
    let report = try await bench.run(to: small(bench))
    #expect(report.outcome == .incomplete && report.events.appended == 0 && report.events.alreadyThere == 14)
    #expect(bench.rejects.rejected.count == 2 && bench.target.eventCount == 14)
    #expect(try await bench.run().outcome == .finished)
    try await bench.expectWhole()
  }

  @Test("A stream whose first event is too large gets nothing")
  func firstEvent() async throws {
    let bench = RestoreBench()
    bench.log.write(String(repeating: "x", count: 1200), "b", to: "s")
    try await bench.archive()
    let report = try await bench.run(to: small(bench))
    #expect(report.events.rejected == 1 && report.events.notWritten == 1 && report.streams.cutShort == 1)
    #expect(bench.target.eventCount == 0)
  }

  @Test("An event that only the server finds too large is found among its neighbours, and only it is rejected")
  func serverRefuses() async throws {
    var bench = try await bench()
    bench.configuration.maximumAppendEvents = 100
    let target = HookedStore(LogConnection(bench.target)) { call in
      guard case .append(let events, let stream, _) = call else { return }
      if events.contains(where: { $0.data.count > 1000 }) {
        throw EventStoreError(.eventTooLarge, "too large for me", stream: stream)
      }
    }
    let report = try await bench.run(to: target)
    #expect(report.outcome == .incomplete && report.events.rejected == 1 && report.events.notWritten == 5)
    #expect(bench.rejects.rejected.map(\.event.number) == [4])
    #expect(try await bench.restored("s").map(\.number) == [0, 1, 2, 3])
    #expect(try await bench.restored("t").count == 10)
  }

  @Test("Rejects that cannot be kept end the run with the reason")
  func sinkFails() async throws {
    var bench = try await bench()
    bench.rejects = RejectRecorder(isFull: true)
    await #expect(throws: RejectRecorder.Full.self) { try await bench.run(to: small(bench)) }
    #expect(try await bench.restored("s").count <= 4)
    bench.rejects = RejectRecorder()
    #expect(try await bench.run().outcome == .finished)
    try await bench.expectWhole()
  }

  @Test("A stream that the user may not write is reported, and the others are restored")
  func denied() async throws {
    let bench = try await bench()
    bench.target.setMetadata(#"{"$acl":{"$w":["admin"]}}"#, of: "t")
    let report = try await bench.run(to: LogConnection(bench.target, as: nil))
    #expect(report.outcome == .incomplete)
    #expect(report.issues.contains { $0.kind == .accessDenied && $0.stream == "t" })
    #expect(try await bench.restored("t").isEmpty)
    #expect(try await bench.restored("s").count == 10)
    #expect(report.events.notWritten == 10 && report.events.appended == 10)
  }

  @Test("Who may write nothing at all is told so by an error")
  func allDenied() async throws {
    let bench = try await bench()
    for stream in ["s", "t"] as [StreamName] { bench.target.setMetadata(#"{"$acl":{"$w":["admin"]}}"#, of: stream) }
    let error = await #expect(throws: EventStoreError.self) {
      try await bench.run(to: LogConnection(bench.target, as: nil))
    }
    #expect(error?.code == .accessDenied)
    #expect(bench.target.eventCount == 2)
  }

  @Test("The list of issues has a limit, the count has none")
  func manyIssues() async throws {
    var bench = RestoreBench()
    for number in 0..<20 {
      bench.log.write("a", to: StreamName("s\(number)"))
      bench.target.write("other", to: StreamName("s\(number)"))
    }
    try await bench.archive()
    bench.configuration.maximumIssuesListed = 3
    let report = try await bench.run()
    #expect(report.issues.count == 3 && report.issueCount == 20 && report.streams.conflicts == 20)
  }
}
