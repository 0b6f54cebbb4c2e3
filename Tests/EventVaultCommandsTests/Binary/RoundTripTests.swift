import EventStoreServer
import Foundation
import Testing

@Suite("The built binary: the main job")
struct RoundTripTests {
  @Test("`cat` prints exactly the lines that `zstdcat` shows, and goes quietly when nobody reads on")
  func cat() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 3000) { source, _ in
      let archive = scratch.path("a")
      #expect(try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive]).status == 0)
      let same = try await BinaryRun.shell(
        #"set -o pipefail; cmp <("$0" cat --archive "$1") <(zstdcat "$1"/segments/*.zst)"#, [archive])
      #expect(same.status == 0, "\(same.output)\(same.errors)")
      let head = try await BinaryRun.shell(#"set -o pipefail; "$0" cat --archive "$1" | head -n 1"#, [archive])
      #expect(head.status == 0 && head.errors.isEmpty, "\(head.status) \(head.errors)")
      #expect(head.output.split(separator: "\n").count == 1)
      let typed = try await BinaryRun.run(["cat", "--archive", archive, "--type", "$metadata"])
      #expect(try typed.objects.allSatisfy { $0["type"] as? String == "$metadata" } && !typed.output.isEmpty)
    }
  }

  @Test("`list` tells the checkpoint and its age, the segments and the streams")
  func list() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 200) { source, _ in
      let archive = scratch.path("a")
      #expect(try await BinaryRun.run(["backup", "--source", source.url, "--archive", archive]).status == 0)
      let list = try await BinaryRun.run(["list", "--archive", archive, "--segments", "--streams", "--json"])
      #expect(list.status == 0, "\(list.errors)")
      let objects = try list.objects
      let checkpoint = try #require(objects.first?["checkpoint"] as? [String: Any])
      #expect(checkpoint["ageSeconds"] as? Double != nil || checkpoint["ageSeconds"] as? Int != nil)
      #expect(objects.filter { $0["kind"] as? String == "segment" }.count == 1)
      let events = objects.filter { $0["kind"] as? String == "stream" }.compactMap { $0["events"] as? Int }
      #expect(events.reduce(0, +) == 200)
      #expect(!list.output.contains("changeit"))
      let text = try await BinaryRun.run(["list", "--archive", archive, "--segments", "--streams"])
      #expect(text.output.contains("checkpoint") && text.output.contains(" ago"))
    }
  }

  @Test("--segment-bytes makes segments of about that size")
  func segmentBytes() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 5000) { source, _ in
      let backup = try await BinaryRun.run([
        "backup", "--source", source.url, "--archive", scratch.path("a"), "--segment-bytes", "64KiB",
      ])
      #expect(backup.status == 0, "\(backup.errors)")
      let list = try await BinaryRun.run(["list", "--archive", scratch.path("a"), "--segments", "--json"])
      let sizes = try list.objects.filter { $0["kind"] as? String == "segment" }.compactMap {
        $0["compressedBytes"] as? Int
      }
      #expect(sizes.count > 2 && sizes.dropLast().allSatisfy { $0 >= 65536 && $0 < 2 * 65536 }, "\(sizes)")
      #expect(try await BinaryRun.run(["verify", "--archive", scratch.path("a")]).status == 0)
    }
  }

  @Test("The environment names the servers and the password; nothing printed holds it")
  func environment() async throws {
    let scratch = try Scratch()
    try await withServers(demo: 100, users: ["boss:hunter2hunter2:$admins"]) { source, _ in
      let environment = ["EVENTVAULT_SOURCE": source.url(as: "boss@"), "EVENTVAULT_PASSWORD": "hunter2hunter2"]
      let doctor = try await BinaryRun.run(["doctor"], environment: environment)
      #expect(doctor.status == 0, "\(doctor.errors)")
      let backup = try await BinaryRun.run(["backup", "--archive", scratch.path("a")], environment: environment)
      #expect(backup.status == 0, "\(backup.errors)")
      try "hunter2hunter2\n".write(toFile: scratch.path("p"), atomically: true, encoding: .utf8)
      let wrong = environment.merging(["EVENTVAULT_PASSWORD": "no"]) { $1 }
      let file = try await BinaryRun.run(["doctor", "--password-file", scratch.path("p")], environment: wrong)
      #expect(file.status == 0, "\(file.errors)")
      let denied = try await BinaryRun.run(["doctor", "--json", "-v"], environment: wrong)
      #expect(denied.status == 12)
      let manifest = String(decoding: try #require(try scratch.files(in: "a")["manifest.ndjson"]), as: UTF8.self)
      for text in [doctor.output, backup.output, backup.errors, denied.errors, manifest] {
        #expect(!text.contains("hunter2hunter2"))
      }
    }
  }
}
