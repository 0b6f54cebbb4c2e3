import ArgumentParser
import EventArchive
import EventStoreCore

/// Encodes, compresses and writes made-up events, and tells what that has cost; making them is not counted.
struct WriteStep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "write", shouldDisplay: false)

  @OptionGroup var workload: WorkloadOptions
  @Option var archive: String
  @Option var level = 3
  @Option var threads = 2

  func run() async throws {
    let batches = Array(workload.events)
    let start = Usage.ofThisProcess
    let description = ArchiveDescription(
      created: .now, tool: "benchmark", scope: .all(includeSystem: false), source: "memory", protocolName: "none")
    let writer = try await ArchiveWriter.open(
      directory: archive, creating: description,
      options: ArchiveOptions(compressionLevel: level, compressionWorkers: threads))
    for batch in batches { try await writer.append(batch) }
    try await writer.finish()
    let usage = Usage.ofThisProcess.since(start)
    // Freeing them is not counted either.
    withExtendedLifetime(batches) {}
    print(usage.line)
  }
}

/// How many events, in how many streams.
struct WorkloadOptions: ParsableArguments {
  @Option(name: .customLong("events")) var count = 0
  @Option var streams = 10_000

  /// The events, batch by batch.
  var events: MadeUpEvents { MadeUpEvents(count: count, streams: streams) }
}
