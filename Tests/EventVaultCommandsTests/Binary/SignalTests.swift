import EventStoreServer
import Foundation
import TestSupport
import Testing

@Suite("The built binary: signals")
struct SignalTests {
  @Test(
    "A signal ends a backup with its code; what was read is sealed, and a repeat continues",
    arguments: [(Int32(SIGINT), Int32(130)), (Int32(SIGTERM), Int32(143))])
  func backup(signal: Int32, code: Int32) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 3000) { source, _ in
      // Some pages come, then an answer that is never awaited to its end.
      source.plan(Fault(.delayAnswer(.seconds(3600)), on: 0xB6, skipping: 2))
      let backup = [
        "backup", "--source", source.url + "?requestTimeout=3600s", "--archive", scratch.path("a"), "--json",
      ]
      let running = try BinaryRun.start(backup)
      try #require(await eventually { source.faultHits > 0 })
      running.signal(signal)
      let stopped = try await running.finish()
      #expect(stopped.status == code, "\(stopped.errors)")
      let events = try #require(try stopped.objects.last?["events"] as? Int)
      #expect(events > 0 && events < 3000)
      let verified = try await BinaryRun.run(["verify", "--archive", scratch.path("a"), "--json"])
      #expect(try verified.objects.last?["events"] as? Int == events)
      let rest = try await BinaryRun.run(backup)
      #expect(try rest.objects.last?["events"] as? Int == 3000 - events)
    }
  }

  @Test(
    "A follower archives what is written meanwhile, and a signal ends it with 0",
    arguments: [Int32(SIGINT), Int32(SIGTERM)])
  func follow(signal: Int32) async throws {
    let scratch = try Scratch()
    try await withServers(demo: 100) { source, _ in
      let running = try BinaryRun.start([
        "backup", "--source", source.url, "--archive", scratch.path("a"), "--follow", "--json", "--sync-interval",
        "100ms",
      ])
      func archived() async throws -> Int {
        let list = try await BinaryRun.run(["list", "--archive", scratch.path("a"), "--json"])
        return list.status == 0 ? try list.objects.first?["events"] as? Int ?? 0 : 0
      }
      try #require(try await eventually { try await archived() == 100 })
      #expect(try await BinaryRun.run(["demo", "--target", source.url, "--events", "5"]).status == 0)
      try #require(try await eventually { try await archived() == 105 })
      running.signal(signal)
      let stopped = try await running.finish()
      #expect(stopped.status == 0, "\(stopped.errors)")
      #expect(try stopped.objects.last?["events"] as? Int == 105)
      let verified = try await BinaryRun.run(["verify", "--archive", scratch.path("a")])
      #expect(verified.status == 0, "\(verified.output)")
    }
  }

  @Test(
    "`serve` says in one line where it listens, and a signal ends it with 0",
    arguments: [Int32(SIGINT), Int32(SIGTERM)])
  func serve(signal: Int32) async throws {
    let running = try BinaryRun.start(["serve", "--tcp-port", "0", "--http-port", "0", "--demo", "50", "--json"])
    try #require(try await eventually { try running.output.contains("\n") })
    let line = try #require(try running.output.split(separator: "\n").first)
    let announced = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let url = try #require(announced["connectionString"] as? String)
    #expect(announced["events"] as? Int == 50)
    #expect(try await BinaryRun.run(["doctor", "--source", url]).status == 0)
    let port = try #require(announced["tcpPort"] as? Int)
    let taken = try await BinaryRun.run(["serve", "--tcp-port", "\(port)", "--http-port", "0"])
    #expect(taken.status == 1 && taken.errors.contains("hint: "), "\(taken.errors)")
    running.signal(signal)
    #expect(try await running.finish().status == 0)
  }

  @Test("`serve --nodes 3` is a cluster that can be discovered through each of its nodes")
  func serveCluster() async throws {
    let running = try BinaryRun.start(
      ["serve", "--nodes", "3", "--tcp-port", "0", "--http-port", "0", "--demo", "50", "--json"])
    try #require(try await eventually { try running.output.contains("\n") })
    let line = try #require(try running.output.split(separator: "\n").first)
    let announced = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let nodes = try #require(announced["nodes"] as? [[String: Any]])
    #expect(nodes.map { $0["isLeader"] as? Bool } == [true, false, false])
    let url = try #require(announced["connectionString"] as? String)
    #expect(url.hasPrefix("discover://"))
    let seeds = try nodes.map { "discover://admin:changeit@127.0.0.1:\(try #require($0["httpPort"] as? Int))" }
    for source in [url] + seeds { #expect(try await BinaryRun.run(["doctor", "--source", source]).status == 0) }
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
  }
}
