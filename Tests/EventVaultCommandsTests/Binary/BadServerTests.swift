import EventStoreCore
import EventStoreServer
import Foundation
import GoldenTraffic
import TestSupport
import Testing

@Suite("The built binary: servers that cannot be used")
struct BadServerTests {
  @Test(
    "A command line or address that makes no sense is 64, one sentence and a hint",
    arguments: [
      ["frobnicate"], ["backup"], ["backup", "--archive", "/nowhere/a"],
      ["backup", "--source", "tcp://h", "--archive", "/nowhere/a", "--compression-level", "99"],
      ["doctor", "--source", "ftp://admin:secretsecret@host"], ["doctor", "--source", "admin:secretsecret@host"],
      ["doctor", "--source", "tcp://admin@host"], ["verify", "--archive", "/nowhere/a", "--head", "12"],
      ["cat"], ["cat", "--archive", "a", "--source", "tcp://h", "--stream", "s"], ["serve", "--user", "nobody"],
      ["restore", "--archive", "a", "--target", "tcp://h", "--in-flight", "0"],
    ])
  func usage(arguments: [String]) async throws {
    let run = try await BinaryRun.run(arguments)
    #expect(run.status == 64, "\(run.errors)")
    let lines = run.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("error: ") == true && lines.last?.hasPrefix("hint: ") == true, "\(run.errors)")
    #expect(lines.count == 2 && run.output.isEmpty)
    #expect(!run.errors.contains("secretsecret"))
  }

  @Test(
    "Every command has a help text with examples",
    arguments: ["backup", "restore", "compare", "verify", "list", "cat", "serve", "doctor", "demo"])
  func help(command: String) async throws {
    let run = try await BinaryRun.run([command, "--help"])
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.output.contains("EXAMPLES:") && run.output.contains("eventvault \(command)"))
    #expect(run.output.contains("EXIT CODES:"))
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let examples = lines.drop { $0 != "EXAMPLES:" }.dropFirst().prefix { !$0.isEmpty }
    #expect(examples.allSatisfy { $0.hasPrefix("  ") }, "an example is wrapped: \(examples.joined(separator: "\n"))")
  }

  @Test("A closed port is 13, and no archive is begun")
  func closedPort() async throws {
    let scratch = try Scratch()
    let url = try await withServers { source, _ in source.url }
    for command in [["doctor"], ["backup", "--archive", scratch.path("a")]] {
      let run = try await BinaryRun.run(command + ["--source", url])
      #expect(run.status == 13, "\(run.errors)")
      #expect(run.errors.contains("Connection refused") && run.errors.contains("hint: "))
      #expect(!run.errors.contains("errno"), "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("a")))
  }

  @Test("A port that speaks something else is 13, and the hint asks for the port")
  func anotherProtocol() async throws {
    try await withServers { source, _ in
      let run = try await BinaryRun.run(["doctor", "--source", "tcp://admin:changeit@127.0.0.1:\(source.httpPort)"])
      #expect(run.status == 13, "\(run.errors)")
      #expect(run.errors.contains("does not speak") && run.errors.contains("hint: is this the TCP port"))
    }
  }

  @Test("A bad password is 12, and so is a user who may not read $all; no archive is begun")
  func denied() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 10, users: ["bob:secretsecret"]) { source, _ in
      for user in ["admin:wrongwrong@", "bob:secretsecret@", ""] {
        for command in [["doctor"], ["backup", "--archive", scratch.path("a")]] {
          let run = try await BinaryRun.run(command + ["--source", source.url(as: user)])
          #expect(run.status == 12, "\(user) \(run.errors)")
          #expect(
            run.errors.contains("hint: ") && !run.errors.contains("wrongwrong") && !run.errors.contains("secretsecret"))
        }
      }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("a")))
    }
  }

  @Test("A certificate is checked: an unknown one is 13, a known one is good, and unchecked is a choice")
  func certificate() async throws {
    let files = try ["--tls-certificate", TestCertificate.certificatePath, "--tls-key", TestCertificate.keyPath]
    let running = try BinaryRun.start(["serve", "--tcp-port", "0", "--http-port", "0", "--json"] + files)
    try #require(try await eventually { try running.output.contains("\n") })
    let line = try #require(try running.output.split(separator: "\n").first)
    let announced = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let url = try #require(announced["connectionString"] as? String)
    let unknown = try await BinaryRun.run(["doctor", "--source", url])
    #expect(unknown.status == 13 && unknown.errors.contains("hint: "), "\(unknown.errors)")
    let authority = try ["--tls-ca-file", TestCertificate.certificatePath]
    let known = try await BinaryRun.run(["doctor", "--source", url, "--tls-host", "localhost"] + authority)
    #expect(known.status == 0, "\(known.errors)")
    let unchecked = try await BinaryRun.run(["doctor", "--source", url, "--tls-insecure"])
    #expect(unchecked.status == 0, "\(unchecked.errors)")
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
  }

  @Test("A missing stream is 3, and the others are archived")
  func missingStream() async throws {
    let scratch = try Scratch()
    try await withServers { source, _ in
      let demo = try await BinaryRun.run(["demo", "--target", source.url, "--events", "3", "--json"])
      let stream = try #require(try demo.objects.last?["lastStream"] as? String)
      let backup = try await BinaryRun.run([
        "backup", "--source", source.url, "--archive", scratch.path("a"), "--stream", "nope", "--stream", stream,
        "--json",
      ])
      #expect(backup.status == 3, "\(backup.errors)")
      #expect(try backup.objects.last?["events"] as? Int == 3)
      let cat = try await BinaryRun.run(["cat", "--source", source.url, "--stream", "nope"])
      #expect(cat.status == 3 && cat.output.isEmpty && cat.errors.contains("nope"))
    }
  }

  @Test("A source that is not the one archived is 16, and the archive stays as it is")
  func diverged() async throws {
    let scratch = try Scratch()
    let archive = scratch.path("a")
    try await withServers(demo: 300, seed: 1) { source, _ in
      let run = try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive])
      #expect(run.status == 0, "\(run.errors)")
    }
    let before = try scratch.files(in: "a")
    try await withServers(demo: 900, seed: 2) { other, _ in
      let run = try await BinaryRun.run(["backup", "--source", other.url, "--archive", archive])
      #expect(run.status == 16, "\(run.errors)")
      #expect(run.errors.contains("hint: "))
    }
    let after = try scratch.files(in: "a")
    #expect(after.filter { $0.key != "lock.json" } == before.filter { $0.key != "lock.json" })
  }

  @Test("A server that takes connections and does not answer is 17 after the stall time-out")
  func stalled() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 2000) { source, _ in
      source.plan(Fault(.dropAnswer, on: 0xB6, times: 10_000))
      let run = try await BinaryRun.run([
        "backup", "--source", source.url + "?requestTimeout=200ms", "--archive", scratch.path("a"), "--stall-timeout",
        "1s",
      ])
      #expect(run.status == 17, "\(run.errors)")
      #expect(source.faultHits > 0)
    }
  }
}
