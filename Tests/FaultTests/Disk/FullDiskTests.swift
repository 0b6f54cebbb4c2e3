import EventArchive
import EventStoreCore
import EventStoreServer
import Replication
import Testing

@Suite("Runs on a disk that becomes full", .timeLimit(.minutes(5)))
struct FullDiskTests {
  @Test("At any call of a backup it is told as such; the archive is sound then, and the next run makes it whole")
  func backup() async throws {
    let log = EventLog()
    log.fill(with: DemoEvents(count: 150, seed: 2))
    let source = LogConnection(log)
    let wanted = try await log.userEvents()
    var call = 1
    while true {
      let bench = FaultBench()
      let disk = FullDisk(directory: bench.directory, fullAt: call)
      do {
        _ = try await bench.backup(from: source, storage: disk)
        #expect(!disk.hasFired)
        break
      } catch let error as ArchiveError {
        #expect(error.code == .diskFull, "call \(call): \(error)")
        #expect(disk.hasFired)
      }
      if let left = try Self.archived(bench) {
        #expect(left == Array(wanted.prefix(left.count)), "call \(call)")
      }
      _ = try await bench.backup(from: source)
      #expect(try bench.archived() == wanted, "call \(call)")
      call += 1
    }
    #expect(call > 30)
  }

  /// What was archived; nil when the archive was not begun.
  private static func archived(_ bench: FaultBench) throws -> [RecordedEvent]? {
    do {
      return try bench.archived()
    } catch let error as ArchiveError where error.code == .notAnArchive {
      return nil
    }
  }
}
