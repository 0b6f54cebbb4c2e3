import EventStoreCore
import EventStoreServer
import Foundation
import TestSupport
import Testing

/// Each command is given the address of a node that stops being the leader in the middle of it.
@Suite("The built binary: the leader changes")
struct LeaderChangeTests {
  /// Runs a command on a cluster whose leader changes after so many requests; it must end with 0, and the change must have
  /// happened.
  private func expectDone(
    _ command: [String], on leader: EmbeddedServer, _ other: EmbeddedServer, electionAfter requests: Int
  ) async throws -> BinaryRun.Outcome {
    leader.planElection(of: other, after: requests)
    let run = try await BinaryRun.run(command)
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    #expect(!leader.hasPendingFaults && !other.hasPendingFaults, "no election happened")
    return run
  }

  // The first two requests are IdentifyClient and Authenticate.
  @Test("A backup archives exactly the log", arguments: [1, 2, 4, 9])
  func backup(requests: Int) async throws {
    let scratch = try Scratch()
    try await withCluster(demo: 3000) { leader, other in
      let backup = ["backup", "--source", leader.url, "--archive", scratch.path("a"), "--json"]
      let run = try await expectDone(backup, on: leader, other, electionAfter: requests)
      #expect(try run.objects.last?["events"] as? Int == 3000)
      let verified = try await BinaryRun.run(["verify", "--archive", scratch.path("a"), "--json"])
      #expect(try verified.objects.last?["events"] as? Int == 3000, "\(verified.output)")
      try await expectSameLines(as: other, scratch)
    }
  }

  /// Expects that the archive `a` prints what a calm backup of the node prints.
  private func expectSameLines(as node: EmbeddedServer, _ scratch: Scratch) async throws {
    let calm = try await BinaryRun.run(["backup", "--source", node.url, "--archive", scratch.path("calm")])
    #expect(calm.status == 0, "\(calm.errors)")
    let same = try await BinaryRun.shell(
      #"cmp <("$0" cat --archive "$1") <("$0" cat --archive "$2")"#, [scratch.path("a"), scratch.path("calm")])
    #expect(same.status == 0, "\(same.output)\(same.errors)")
  }

  @Test("A follower goes on at the new leader with what is written there")
  func follow() async throws {
    let scratch = try Scratch()
    try await withCluster(demo: 200) { leader, other in
      let running = try BinaryRun.start([
        "backup", "--source", leader.url, "--archive", scratch.path("a"), "--follow", "--json", "--sync-interval",
        "100ms",
      ])
      func archived() async throws -> Int {
        let list = try await BinaryRun.run(["list", "--archive", scratch.path("a"), "--json"])
        return list.status == 0 ? try list.objects.first?["events"] as? Int ?? 0 : 0
      }
      try #require(try await eventually { try await archived() == 200 })
      leader.planElection(of: other, after: 0)
      // A node that is no leader any more keeps its subscriptions; the failing network ends them.
      await leader.cutConnections()
      try #require(await eventually { !other.hasPendingFaults })
      #expect(!leader.hasPendingFaults)
      let demo = try await BinaryRun.run(["demo", "--target", other.url, "--events", "30"])
      #expect(demo.status == 0, "\(demo.errors)")
      try #require(try await eventually { try await archived() == 230 })
      running.signal(SIGTERM)
      let stopped = try await running.finish()
      #expect(stopped.status == 0, "\(stopped.errors)")
      try await expectSameLines(as: other, scratch)
    }
  }

  @Test("A restore writes each event once", arguments: [2, 40, 200], ["1", "64"])
  func restore(requests: Int, inFlight: String) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 1500) { source, _ in
      let backup = ["backup", "--source", source.url, "--archive", scratch.path("a")]
      #expect(try await BinaryRun.run(backup).status == 0)
      try await withCluster { leader, other in
        let restore = [
          "restore", "--archive", scratch.path("a"), "--target", leader.url, "--in-flight", inFlight, "--json",
        ]
        _ = try await expectDone(restore, on: leader, other, electionAfter: requests)
        let (wanted, found) = (try await source.log.content(), try await other.log.content())
        #expect(Set(wanted.keys) == Set(found.keys))
        for (stream, content) in wanted { #expect(found[stream] == content, "\(stream)") }
      }
    }
  }

  @Test("Doctor, demo and cat come to their end", arguments: [1, 2])
  func others(requests: Int) async throws {
    try await withCluster(demo: 300) { leader, other in
      _ = try await expectDone(["doctor", "--source", leader.url], on: leader, other, electionAfter: requests)
    }
    try await withCluster { leader, other in
      let demo = ["demo", "--target", leader.url, "--events", "100"]
      _ = try await expectDone(demo, on: leader, other, electionAfter: requests * 3)
      #expect(try await other.log.content().values.reduce(0) { $0 + $1.events.count } == 100)
    }
    try await withCluster { leader, other in
      let writer = LogConnection(leader.log)
      for start in [0, 600] {
        let events = (start..<start + 600).map { ProposedEvent(type: "counted", isJSON: true, data: Bytes("\($0)")) }
        _ = try await writer.append(events, to: "s", expected: .any)
      }
      let cat = ["cat", "--source", leader.url, "--stream", "s"]
      let run = try await expectDone(cat, on: leader, other, electionAfter: requests)
      #expect(try run.objects.compactMap { $0["number"] as? Int } == Array(0..<1200))
    }
  }
}
