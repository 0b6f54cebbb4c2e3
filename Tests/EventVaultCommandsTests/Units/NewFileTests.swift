import EventStoreCore
import Foundation
import Testing

@testable import EventVaultCommands
@testable import Replication

struct NewFileTests {
  private static let moment = Timestamp(ticks: 17_000_000_000_000_000)

  @Test("Rejected events are kept as archived lines in a private file that replaces nothing")
  func rejects() async throws {
    let scratch = try Scratch()
    let path = scratch.path("r.ndjson")
    let file = RejectsFile(.named(path))
    #expect(await file.path == nil)
    try await file.reject(RejectedEvent(event: Self.event, reason: "too \"large\""))
    try await file.reject(RejectedEvent(event: Self.event, reason: "again"))
    #expect(await file.path == path)
    let lines = try Self.lines(path)
    #expect(lines.count == 2)
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(parsed["reason"] as? String == "too \"large\"")
    #expect((parsed["event"] as? [String: Any])?["stream"] as? String == "s")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(throws: CommandFailure.self) { try RejectsFile(.named(path)).checkIsNew() }
    try RejectsFile(.named(path + "2")).checkIsNew()
    await #expect(throws: CommandFailure.self) {
      try await RejectsFile(.named(path)).reject(RejectedEvent(event: Self.event, reason: "x"))
    }
    #expect(try Self.lines(path).count == 2)
  }

  @Test("A place beside the archive has the moment in its name, then numbers from 2 on")
  func names() throws {
    let moment = try #require(Timestamp("2026-11-24T20:15:00.1234567Z"))
    let place = NewFilePlace.beside(archive: "/b/shop/", word: "rejects", moment: moment)
    #expect(
      Array(place.paths.prefix(3)) == [
        "/b/shop.rejects-20261124T201500Z.ndjson", "/b/shop.rejects-20261124T201500Z-2.ndjson",
        "/b/shop.rejects-20261124T201500Z-3.ndjson",
      ])
    #expect(Array(NewFilePlace.named("/b/mine").paths) == ["/b/mine"])
  }

  @Test("Files that are made beside an archive in the same second get names of their own, and each keeps its content")
  func sameSecond() async throws {
    let scratch = try Scratch()
    let place = NewFilePlace.beside(archive: scratch.path("shop"), word: "map", moment: Self.moment)
    let made = try await withThrowingTaskGroup(of: (String, String).self) { group in
      for number in 1...8 {
        group.addTask {
          let file = MapFile(place)
          try file.checkIsNew()
          for _ in 1...2 {
            try await file.moved([
              MovedEvents(stream: StreamName("s\(number)"), first: 1, last: 1, targetStream: "s", targetFirst: 0)
            ])
          }
          return ("s\(number)", try #require(await file.path))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(made.map { $0.1 }) == Set(place.paths.prefix(8)))
    for (stream, path) in made {
      let lines = try Self.lines(path)
      #expect(lines.count == 2 && lines.allSatisfy { $0.contains("\"\(stream)\"") }, "\(lines)")
    }
  }

  @Test("A file that cannot be made at all is a failure that names it, without a look for other names")
  func notMade() async throws {
    let scratch = try Scratch()
    let place = NewFilePlace.beside(archive: scratch.path("missing/shop"), word: "map", moment: Self.moment)
    let failure = await #expect(throws: CommandFailure.self) {
      try await NewFile(place, name: "file", option: "-f").append([1])
    }
    #expect(
      failure?.message.contains(try #require(place.paths.first { _ in true })) == true, "\(String(describing: failure))"
    )
  }

  private static let event = RecordedEvent(
    stream: "s", number: 1, id: EventID(), type: "T", isJSON: true, data: #"{"a":1}"#, created: moment)

  private static func lines(_ path: String) throws -> [Substring] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
  }
}
