import ArgumentParser
import EventArchive
import EventStoreCore
import Replication

/// `eventvault backup`: from a server into an archive.
struct BackupCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy a server's events into an archive, or continue where the last run ended.",
    discussion: """
      Without --stream it reads all of $all up to the end seen at the start, then exits. The same command again reads only \
      what is new. With --follow it stays and archives events as they come, until SIGINT or SIGTERM.

      System streams, whose names begin with $, are left out unless --include-system; a stream's metadata belongs to the \
      stream. Patterns narrow what is archived: a prefix, or ~ and a regular expression. A stream's metadata and end go with \
      the stream, whatever the types. The next run must give the same patterns.

      A first signal finishes what was read and seals it, a second one ends at once; nothing is lost either way.

      EXAMPLES:
        eventvault backup --source tcp://admin@db:1113 --archive /backups/shop
        eventvault backup --source discover://admin@db:2113 --archive shop --follow
        eventvault backup --source tcp://db:1113 --archive two --stream a --stream b
        eventvault backup --source tcp://db:1113 --archive b --exclude-type '~Test$'

      EXIT CODES: 0 done, 3 some streams or events could not be read, 11 locked, 12 denied, 13 unreachable, 14 damaged, 16 another \
      source than the archived one, 17 stalled, 64 usage, 130 and 143 cut short by a signal.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var archive: ArchiveOption

  @Option(
    name: .customLong("stream"),
    help: ArgumentHelp("Only this stream and its metadata; can be repeated.", valueName: "name"))
  var streams: [String] = []

  @Flag(help: "Stay, and archive new events as they come.")
  var follow = false

  @Flag(help: "Archive the server's own streams too.")
  var includeSystem = false

  @OptionGroup var filter: FilterOptions

  @Option(help: ArgumentHelp("The zstd level, 1 to 19.", valueName: "n"))
  var compressionLevel = 3

  @Option(help: ArgumentHelp("The compressed size at which a segment is sealed.", valueName: "size"))
  var segmentBytes = ByteCountArgument(64 << 20)

  @Option(help: ArgumentHelp("How much time of new events a crash may cost.", valueName: "time"))
  var syncInterval = DurationArgument(.seconds(1))

  @Option(help: ArgumentHelp("Give up when nothing moved for so long.", valueName: "time"))
  var stallTimeout = DurationArgument(.seconds(120))

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    var problems: [String] = []
    if !streams.isEmpty, includeSystem {
      problems.append("'--include-system' has no meaning with '--stream': a named system stream is archived")
    }
    if !streams.isEmpty, !filter.value.takesEverything {
      problems.append("patterns have no meaning with '--stream': the named streams are archived as they are")
    }
    problems += filter.problems(includeSystem: includeSystem)
    if streams.contains("") { problems.append("the value of '--stream' must not be empty") }
    if !(1...19).contains(compressionLevel) { problems.append("the value of '--compression-level' must be 1 to 19") }
    if segmentBytes.bytes < 4096 { problems.append("the value of '--segment-bytes' must be at least 4KiB") }
    try refuse(problems)
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let display = ProgressDisplay(
      console: context.console, formatter: ProgressFormatter(verb: "backup", isFollowing: follow), json: json.isOn)
    let stop = StopSignal()
    let report = try await context.interruption.stopping(by: { stop.stop() }) {
      try await run(in: context, display: display, stop: stop)
    }
    display.finish()
    let code = exitCode(of: report, signal: context.interruption.received)
    let text = BackupText(report: report, directory: archive.directory, elapsed: display.elapsed)
    try context.console.print(text, exitCode: code, asJSON: json.isOn)
    return code
  }

  private func exitCode(of report: BackupReport, signal: ProcessSignal?) -> ExitCode {
    switch report.outcome {
    case .finished: .done
    case .incomplete: .incomplete
    case .stopped where report.isIncomplete: .incomplete
    case .stopped: follow ? .done : signal?.exitCode ?? .failed
    }
  }

  private func run(
    in context: CommandContext, display: ProgressDisplay, stop: StopSignal
  ) async throws -> BackupReport {
    let address = try source.address(in: context)
    return try await source.withConnection(in: context) { client in
      let description = self.description(of: address)
      // An archive that nobody could fill would stand in the way of the next try.
      try await context.endingAtOnce { try await SourceAccess.check(client.store, for: description.scope) }
      let writer = try await ArchiveWriter.open(
        directory: archive.directory, creating: description, options: archiveOptions)
      for note in writer.notes { context.console.note("note: \(note)") }
      return try await BackupRun(
        source: client.store, archive: writer, configuration: backupConfiguration, stop: stop,
        logger: context.logger("eventvault.backup", verbose: source.access.verbose),
        progress: { display.update(ProgressReading($0)) }
      ).run()
    }
  }

  private func description(of address: ServerAddress) -> ArchiveDescription {
    var description = ArchiveDescription(
      created: .now, tool: "eventvault \(Tool.version)",
      scope: streams.isEmpty ? .all(includeSystem: includeSystem) : .list(streams.map { StreamName($0) }),
      source: address.redacted, protocolName: "tcp")
    description.filter = filter.value
    return description
  }

  private var archiveOptions: ArchiveOptions {
    // A frame is never cut, so small segments need small frames.
    var options = ArchiveOptions(
      compressionLevel: compressionLevel, maximumSegmentBytes: segmentBytes.bytes, syncInterval: syncInterval.duration)
    options.maximumFrameBytes = min(options.maximumFrameBytes, segmentBytes.bytes)
    return options
  }

  private var backupConfiguration: BackupConfiguration {
    var configuration = BackupConfiguration(follow: follow, syncInterval: syncInterval.duration)
    configuration.retry.stallTimeout = stallTimeout.duration
    return configuration
  }
}

extension ProgressReading {
  init(_ progress: BackupProgress) {
    self.init(
      events: progress.events, position: progress.position, fraction: progress.fraction, lagBytes: progress.lagBytes,
      isLive: progress.phase == .live)
  }
}
