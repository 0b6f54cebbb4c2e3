import ArgumentParser
import EventArchive
import EventStoreCore

/// Looks for the events of one stream by reading all of an archive.
struct ScanStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "scan", shouldDisplay: false)

  @Option var archive: String
  @Option var stream: String

  func run() throws {
    let start = Usage.ofThisProcess
    let name = StreamName(stream)
    let cursor = try ArchiveReader(directory: archive).events()
    var found = 0
    while let events = try cursor.nextBatch() { found += events.count { $0.stream == name } }
    print("events \(found)")
    print(Usage.ofThisProcess.since(start).line)
  }
}
