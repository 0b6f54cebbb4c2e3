import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Streams with other names", .timeLimit(.minutes(2)))
struct RenameTests {
  private func bench(_ renames: String...) async throws -> RestoreBench {
    var bench = RestoreBench()
    bench.log.write("a", "b", to: "order-1")
    bench.log.write("a", to: "order-2")
    bench.log.write("a", to: "cart-1")
    bench.log.write(
      ["1@order-1", "0@cart-1", "7@order-1", "0@nowhere"].map {
        ProposedEvent(type: .link, isJSON: false, data: Bytes($0))
      }, to: "links")
    bench.log.setMetadata(#"{"own":1}"#, of: "order-1")
    bench.log.setMetadata(#"{"$maxCount":5}"#, of: "cart-1")
    try await bench.archive()
    bench.configuration.renames = try renames.map { try #require(StreamRename($0)) }
    return bench
  }

  private func names(_ log: EventLog) async throws -> Set<StreamName> {
    Set(try await Samples.all(of: log, includeSystem: true).map(\.stream))
  }

  @Test(
    "Metadata and links follow a renamed stream, everything else stays; a repeat writes nothing", arguments: [1, 8])
  func renames(inFlight: Int) async throws {
    var bench = try await bench("order-=eu-order-")
    bench.configuration.inFlight = inFlight
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.moved == 3)
    #expect(
      try await names(bench.target) == ["eu-order-1", "$$eu-order-1", "eu-order-2", "cart-1", "$$cart-1", "links"])
    let ids = try bench.archivedIDs("order-1")
    #expect(try await bench.restored("eu-order-1").map(\.id) == ids)
    #expect(try await bench.texts("$$eu-order-1") == [#"{"own":1}"#])
    #expect(try await bench.texts("links") == ["1@eu-order-1", "0@cart-1", "7@eu-order-1", "0@nowhere"])
    #expect(report.events.danglingLinks == 2)
    #expect(
      bench.moved.entries == ["order-1 0-1 -> eu-order-1 0", "order-2 0-0 -> eu-order-2 0"])
    let again = try await bench.expectRepeat()
    #expect(again.streams.alreadyThere == 4 && again.metadata.alreadyThere == 2)
  }

  @Test("The first rename that fits counts, names can be swapped, and a prefix can be a whole name")
  func several() async throws {
    let bench = try await bench("order-1=cart-1", "order-=x-", "cart-1=order-1", "links=")
    // Links would have no name.
    let error = await #expect(throws: ReplicationError.self) { try await bench.run() }
    #expect(error?.code == .invalidArgument && error?.stream == "links")
    #expect(bench.target.eventCount == 0)
    var named = bench
    named.configuration.renames.removeLast()
    let report = try await named.runTwice()
    #expect(report.outcome == .finished)
    #expect(try await names(bench.target) == ["cart-1", "$$cart-1", "order-1", "$$order-1", "x-2", "links"])
    #expect(try await bench.texts("$$cart-1") == [#"{"own":1}"#])
    #expect(try await bench.texts("links") == ["1@cart-1", "0@order-1", "7@cart-1", "0@nowhere"])
    try await named.expectRepeat()
  }

  @Test(
    "Two streams that would get one name are refused before anything is written, and so are names that cannot be",
    arguments: [
      ["order-1=x", "order-2=x"], ["order-1=cart-1"], ["order-1=order-2"], ["order-1=$$cart-1"], ["cart-1="],
      ["cart-1=$$"],
    ])
  func collisions(renames: [String]) async throws {
    var bench = try await bench()
    bench.configuration.renames = try renames.map { try #require(StreamRename($0)) }
    for dryRun in [true, false] {
      bench.configuration.dryRun = dryRun
      let error = await #expect(throws: ReplicationError.self) { try await bench.run() }
      #expect(error?.code == .invalidArgument && error?.hint?.isEmpty == false)
    }
    #expect(bench.target.eventCount == 0)
  }

  @Test("Metadata without events take part in the question whether names collide")
  func metadataOnly() async throws {
    var bench = RestoreBench()
    bench.log.setMetadata(#"{"own":1}"#, of: "a")
    bench.log.write("b", to: "b")
    try await bench.archive()
    bench.configuration.renames = [StreamRename(prefix: "a", replacement: "b")]
    let error = await #expect(throws: ReplicationError.self) { try await bench.run() }
    #expect(error?.code == .invalidArgument)
    bench.configuration.renames = [StreamRename(prefix: "a", replacement: "c")]
    #expect(try await bench.runTwice().outcome == .finished)
    #expect(try await bench.texts("$$c") == [#"{"own":1}"#])
  }

  @Test("A stream that is left out does not collide")
  func leftOut() async throws {
    var bench = try await bench("order-1=cart-1")
    bench.configuration.streams = ["order-1"]
    #expect(try await bench.runTwice().outcome == .finished)
    #expect(try await bench.texts("cart-1") == ["a", "b"])
  }

  @Test("The map names only events that are restored", arguments: [RestoreNumbers.strict, .renumber, .preserve])
  func mapOfPart(numbers: RestoreNumbers) async throws {
    var bench = RestoreBench()
    bench.log.write("a", "b", "c", to: "order-1")
    bench.log.write("a", to: "order-2")
    bench.log.write("a", to: "later")
    bench.log.write("d", "e", to: "order-1")
    bench.log.write("a", to: "order-3")
    try await bench.archive()
    bench.configuration.numbers = numbers
    bench.configuration.renames = [StreamRename(prefix: "order-", replacement: "x")]
    bench.configuration.until = .position(try #require(try bench.archived.first { $0.stream == "later" }?.position))
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.moved == 4)
    #expect(bench.moved.entries == ["order-1 0-2 -> x1 0", "order-2 0-0 -> x2 0"])
  }

  @Test("A link to an event that is not restored stays as it is")
  func linkBeyond() async throws {
    var bench = RestoreBench()
    bench.log.write([Samples.event("a", type: "A"), Samples.event("b", type: "B")], to: "s")
    bench.log.write(
      ["0@s", "1@s"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }, to: "links")
    try await bench.archive()
    bench.configuration.renames = [StreamRename(prefix: "s", replacement: "x")]
    bench.configuration.filter = EventFilter(excludeTypes: ["B"])
    let report = try await bench.runTwice()
    #expect(report.outcome == .finished && report.events.danglingLinks == 1 && report.events.filteredOut == 1)
    #expect(try await bench.texts("links") == ["0@x", "1@s"])
  }

  @Test("A rename is a prefix, an =, and what takes its place", arguments: ["", "=", "=b", "a"])
  func malformed(text: String) {
    #expect(StreamRename(text) == nil)
    #expect(StreamRename("a=b=c") == StreamRename(prefix: "a", replacement: "b=c"))
    #expect(StreamRename("a=") == StreamRename(prefix: "a", replacement: ""))
  }

  @Test("A stream that the target has under the new name with something else is a conflict; skipping it is incomplete")
  func conflict() async throws {
    var bench = try await bench("order-=eu-order-")
    bench.target.write("other", to: "eu-order-1")
    bench.target.write("other", to: "order-2")
    let report = try await bench.runTwice()
    #expect(report.outcome == .conflict && report.issues.map(\.stream) == ["eu-order-1"])
    bench.configuration.onConflict = .skip
    let skipped = try await bench.expectRepeat(.incomplete)
    #expect(skipped.streams.conflicts == 1 && skipped.issues == report.issues)
    #expect(try await bench.texts("order-2") == ["other"])
  }
}
