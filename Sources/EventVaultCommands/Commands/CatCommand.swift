import ArgumentParser
import EventArchive
import EventStoreCore

/// `eventvault cat`: the events of an archive, or of a stream on a server, as lines.
struct CatCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat",
    abstract: "Print events as NDJSON, exactly as an archive holds them.",
    discussion: """
      One event a line on standard output, in the archive's order; damage ends it with exit code 14. With --source it prints \
      streams of a server in the same form, for example to look at what was restored.

      EXAMPLES:
        eventvault cat --archive /backups/shop | head
        eventvault cat --archive /backups/shop --stream order-1 --from 5
        eventvault cat --archive /backups/shop --type OrderPlaced | jq .data.total
        eventvault cat --source tcp://admin@localhost:1113 --stream order-1

      EXIT CODES: 0 done, 3 no such stream, 10 no archive there, 14 damaged, 18 newer format; with --source also 12 and 13.
      """)

  @Option(name: .customLong("archive"), help: ArgumentHelp("The archive's directory.", valueName: "dir"))
  var directory: String?

  @OptionGroup var source: SourceOptions

  @Option(name: .customLong("stream"), help: ArgumentHelp("Only this stream; can be repeated.", valueName: "name"))
  var streams: [String] = []

  @Option(
    help: ArgumentHelp("Begin at this event number with --stream, at this commit position without.", valueName: "n"))
  var from: Int64?

  @Option(
    name: .customLong("type"), help: ArgumentHelp("Only events of this type; can be repeated.", valueName: "type"))
  var types: [String] = []

  // What it prints is always JSON; what goes wrong is for people.
  var printsJSON: Bool { false }

  func validate() throws {
    if directory != nil, source.url != nil {
      throw ValidationError("'--archive' and '--source' cannot be used together.")
    }
    if directory == nil, streams.isEmpty {
      throw ValidationError("'--archive' is missing; a server's events are read with '--source' and '--stream'.")
    }
    if let from, from < 0 { throw ValidationError("The value of '--from' must not be negative.") }
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let printer = EventPrinter(console: context.console, filter: filter)
    let missing = try await context.endingAtOnce {
      if let directory {
        return try printArchive(directory, with: printer)
      }
      return try await printSource(in: context, with: printer)
    }
    for stream in missing { context.console.note("error: there is no stream \(stream) here") }
    return missing.isEmpty ? .done : .incomplete
  }

  private var filter: PrintFilter {
    PrintFilter(
      start: from.map { streams.isEmpty ? .commit($0) : .number($0) }, types: Set(types.map { EventType($0) }))
  }

  private var names: [StreamName] { streams.map { StreamName($0) } }

  /// Prints an archive's events; the streams of which it holds nothing.
  private func printArchive(_ directory: String, with printer: EventPrinter) throws -> [StreamName] {
    let reader = try ArchiveReader(directory: directory)
    let wanted = Set(names)
    let cursor = wanted.isEmpty ? reader.events() : reader.events(of: wanted)
    var found: Set<StreamName> = []
    while let batch = try cursor.nextBatch() {
      if found.count < wanted.count { found.formUnion(batch.map(\.stream)) }
      try printer.print(batch)
    }
    return names.filter { !found.contains($0) }
  }

  /// Prints streams of a server, one after the other; those that it does not have.
  private func printSource(in context: CommandContext, with printer: EventPrinter) async throws -> [StreamName] {
    try await source.withConnection(in: context) { client in
      var missing: [StreamName] = []
      for stream in names where try await !printer.print(stream, of: client.store, from: from ?? 0) {
        missing.append(stream)
      }
      return missing
    }
  }
}
