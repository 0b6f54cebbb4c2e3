import EventArchive
import EventStoreCore
import EventStoreServer
import Foundation
import Logging
import Replication
import Testing

@Suite("Following a source where nothing is written any more")
struct IdleFollowTests {
  @Test(
    "What was archived is sealed once it is old, while the run goes on",
    arguments: [ArchiveScope.all(includeSystem: false), .list(["order-1"])])
  func sealsByAge(scope: ArchiveScope) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("eventvault-idle-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let log = EventLog()
    let source = LogConnection(log)
    let events = (0..<3).map { _ in ProposedEvent(type: "OrderPlaced", isJSON: true, data: Bytes("{}")) }
    _ = try await source.append(events, to: "order-1", expected: .noStream)
    let archive = try await ArchiveWriter.open(
      directory: directory,
      creating: ArchiveDescription(
        created: Timestamp(ticks: 0), tool: "test", scope: scope, source: "in memory", protocolName: "none"),
      options: ArchiveOptions(maximumSegmentAge: .milliseconds(1)))
    let stop = StopSignal()
    let run = BackupRun(
      source: source, archive: archive,
      configuration: BackupConfiguration(
        follow: true, syncInterval: .milliseconds(5), retry: RetryPolicy(stallTimeout: .seconds(2))),
      stop: stop, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    async let report = run.run()
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: .seconds(60))
    while try ArchiveReader(directory: directory).segments.isEmpty, clock.now < deadline { await Task.yield() }
    let sealed = try ArchiveReader(directory: directory)
    #expect(sealed.segments.map(\.events) == [3])
    #expect(sealed.openSegment == nil)
    stop.stop()
    #expect(try await report.outcome == .stopped)
    #expect(try ArchiveReader(directory: directory).segments.map(\.events) == [3])
  }
}
