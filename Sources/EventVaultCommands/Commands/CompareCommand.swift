import ArgumentParser
import EventArchive
import EventStoreCore
import Replication

/// `eventvault compare`: an archive, or a server, with a server.
struct CompareCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Prove that a server holds what an archive, or another server, holds.",
    discussion: """
      Compares stream by stream how many events there are and what the metadata say last; with --full every event too: id, \
      type, content type, data and metadata. Names what is missing, extra and different, with the number of the first event \
      that differs. Reads only.

      What a restore left out or changed is given here as it was given there: --include-…, --exclude-…, --until-…, --rename, \
      --metadata, --undelete, --tombstones, --drop-expired, --origin-metadata. Event numbers need no option: streams that \
      were numbered anew or have fillers are recognised.

      Events that the target hides because of $maxCount, $maxAge, $tb or a soft delete that the archive shows too are \
      counted, and no difference. System streams are left out as by restore.

      EXAMPLES:
        eventvault compare --archive shop --target tcp://admin@db:1113
        eventvault compare --archive shop --target tcp://admin@db:1113 --full
        eventvault compare --archive shop --target tcp://db:1113 --rename old-=new-
        eventvault compare --source tcp://admin@a:1113 --target tcp://admin@b:1113

      EXIT CODES: 0 equal, 3 some streams could not be compared, 10 no archive there, 12 denied, 13 unreachable, 14 damaged, \
      15 different, 17 stalled, 18 newer format, 64 usage, 130 and 143 cut short by a signal.
      """)

  @Option(name: .customLong("archive"), help: ArgumentHelp("The archive's directory.", valueName: "dir"))
  var directory: String?

  @Option(
    name: .customLong("source"),
    help: ArgumentHelp(
      "A server in the archive's place: tcp://user@host:1113, …; or EVENTVAULT_SOURCE.", valueName: "url"))
  var source: String?

  @Option(
    name: .customLong("target"),
    help: ArgumentHelp("The server to look at: tcp://user@host:1113, …; or EVENTVAULT_TARGET.", valueName: "url"))
  var target: String?

  @OptionGroup var access: AccessOptions

  @Option(
    name: .customLong("stream"),
    help: ArgumentHelp("Only this stream and its metadata; can be repeated.", valueName: "name"))
  var streams: [String] = []

  @Flag(help: "Compare the server's own streams too.")
  var includeSystem = false

  @Flag(help: "Compare every event, not only how many there are.")
  var full = false

  @OptionGroup(title: "Which events") var filter: FilterOptions
  @OptionGroup(title: "What the restore was told to change, and where it ended") var form: RestoredOptions

  @Option(help: ArgumentHelp("Give up when nothing moved for so long.", valueName: "time"))
  var stallTimeout = DurationArgument(.seconds(120))

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    if directory != nil, source != nil {
      throw ValidationError("'--archive' and '--source' cannot be used together.")
    }
    try refuse(
      compareConfiguration.problems + form.problems + filter.problems(includeSystem: includeSystem)
        + (directory == nil ? form.needArchive.map { "'\($0)' needs '--archive'" } : [])
        + (streams.contains("") ? ["the value of '--stream' must not be empty"] : []))
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let display = ProgressDisplay(
      console: context.console, formatter: ProgressFormatter(verb: "compare"), json: json.isOn)
    let stop = StopSignal()
    let (report, name) = try await context.interruption.stopping(by: { stop.stop() }) {
      try await run(in: context, display: display, stop: stop)
    }
    display.finish()
    let code = exitCode(of: report.outcome, signal: context.interruption.received)
    let text = CompareText(report: report, reference: name, elapsed: display.elapsed)
    try context.console.print(text, exitCode: code, asJSON: json.isOn)
    return code
  }

  private func exitCode(of outcome: CompareReport.Outcome, signal: ProcessSignal?) -> ExitCode {
    switch outcome {
    case .equal: .done
    case .incomplete: .incomplete
    case .different: .conflict
    case .stopped: signal?.exitCode ?? .failed
    }
  }

  /// The report, and the name of what the target was compared with.
  private func run(
    in context: CommandContext, display: ProgressDisplay, stop: StopSignal
  ) async throws -> (CompareReport, String) {
    let address = try address(target, option: "--target", variable: "EVENTVAULT_TARGET", in: context)
    if let directory {
      let reader = try ArchiveReader(directory: directory)
      for note in reader.notes { context.console.note("note: \(note)") }
      return try await ServerConnection.with(address, access: access, context: context) { client in
        (try await compare(.archive(reader), with: client, in: context, display: display, stop: stop), directory)
      }
    }
    let sourceAddress = try self.address(source, option: "--source", variable: "EVENTVAULT_SOURCE", in: context)
    return try await ServerConnection.with(sourceAddress, access: access, context: context) { other in
      try await ServerConnection.with(address, access: access, context: context) { client in
        (
          try await compare(.server(other.store), with: client, in: context, display: display, stop: stop),
          sourceAddress.redacted
        )
      }
    }
  }

  private func address(
    _ url: String?, option: String, variable: String, in context: CommandContext
  ) throws -> ServerAddress {
    try ServerAddress(
      flag: url, option: option, variable: variable, passwordFile: access.passwordFile,
      environment: context.environment)
  }

  private func compare(
    _ reference: CompareRun.Reference, with client: ServerConnection, in context: CommandContext,
    display: ProgressDisplay, stop: StopSignal
  ) async throws -> CompareReport {
    try await CompareRun(
      reference: reference, target: client.store, configuration: compareConfiguration, stop: stop, now: .now,
      logger: context.logger("eventvault.compare", verbose: access.verbose),
      progress: { display.update(ProgressReading($0)) }
    ).run()
  }

  private var compareConfiguration: CompareConfiguration {
    var configuration = CompareConfiguration(
      streams: streams.isEmpty ? nil : streams.map { StreamName($0) }, includeSystem: includeSystem, isFull: full)
    form.apply(to: &configuration)
    configuration.form.filter = filter.value
    configuration.retry.stallTimeout = stallTimeout.duration
    return configuration
  }
}

extension ProgressReading {
  init(_ progress: CompareProgress) {
    self.init(events: progress.events, position: progress.position, fraction: progress.fraction)
  }
}
