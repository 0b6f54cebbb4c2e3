import ArgumentParser
import EventArchive
import EventStoreCore
import Replication

/// `eventvault restore`: from an archive into a server.
struct RestoreCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Write an archive's events to a server, each exactly once.",
    discussion: """
      Every append has an exact expected version: what the target already has is recognised, what is different there is \
      never overwritten. The same command again continues. Event numbers stay as they were; a stream whose numbers would \
      change is refused before anything of it is written. Events that the target does not take go to the rejects file.

      --in-flight 1 keeps the order of all events; more appends at a time are faster and keep it within each stream.

      EXAMPLES:
        eventvault restore --archive shop --target tcp://admin@db:1113 --dry-run
        eventvault restore --archive shop --target tcp://admin@db:1113
        eventvault restore --archive shop --target tcp://admin@db:1113 --stream a

      EXIT CODES: 0 done, 3 some events could not be written, 10 no archive there, 12 denied, 13 unreachable, 14 damaged, \
      15 conflict, 17 stalled, 18 newer format, 64 usage, 130 and 143 cut short by a signal.
      """)

  @OptionGroup var archive: ArchiveOption
  @OptionGroup var target: TargetOptions

  @Option(
    name: .customLong("stream"),
    help: ArgumentHelp("Only this stream and its metadata; can be repeated.", valueName: "name"))
  var streams: [String] = []

  @Flag(help: "Restore the server's own streams too; on a live server these conflict by nature.")
  var includeSystem = false

  @Flag(help: "Say what would be done, and write nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("How many appends may be under way at a time.", valueName: "n"))
  var inFlight = 64

  @Option(help: ArgumentHelp("How many connections share the appends.", valueName: "n"))
  var connections = 2

  @OptionGroup(title: "Which events") var filter: FilterOptions
  @OptionGroup(title: "What is changed, and where it ends") var form: RestoredOptions
  @OptionGroup(title: "How it is written") var writing: RestoreOptions

  @Option(
    help: ArgumentHelp(
      "Where refused events go; made when there is one. (default: beside the archive)", valueName: "file"))
  var rejects: String?

  @Option(
    help: ArgumentHelp(
      "Where the list of events with other numbers or streams goes. (default: beside the archive)", valueName: "file"))
  var map: String?

  @Option(help: ArgumentHelp("Give up when nothing moved for so long.", valueName: "time"))
  var stallTimeout = DurationArgument(.seconds(120))

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func validate() throws {
    try refuse(
      restoreConfiguration.problems + form.problems + connectionProblems
        + filter.problems(includeSystem: includeSystem)
        + (streams.contains("") ? ["the value of '--stream' must not be empty"] : []))
  }

  func execute(in context: CommandContext) async throws -> ExitCode {
    let display = ProgressDisplay(
      console: context.console, formatter: ProgressFormatter(verb: "restore"), json: json.isOn)
    let stop = StopSignal()
    let rejectsFile = RejectsFile(place(of: rejects, "rejects"))
    let mapFile = MapFile(place(of: map, "map"))
    let report = try await context.interruption.stopping(by: { stop.stop() }) {
      try await run(in: context, display: display, stop: stop, rejects: rejectsFile, map: mapFile)
    }
    display.finish()
    let code = exitCode(of: report.outcome, signal: context.interruption.received)
    let text = RestoreText(
      report: report, directory: archive.directory, rejectsFile: await rejectsFile.path, mapFile: await mapFile.path,
      elapsed: display.elapsed)
    try context.console.print(text, exitCode: code, asJSON: json.isOn)
    return code
  }

  private func place(of option: String?, _ word: String) -> NewFilePlace {
    option.map { .named($0) } ?? .beside(archive: archive.directory, word: word, moment: .now)
  }

  private func exitCode(of outcome: RestoreReport.Outcome, signal: ProcessSignal?) -> ExitCode {
    switch outcome {
    case .finished: .done
    case .incomplete: .incomplete
    case .conflict: .conflict
    case .stopped: signal?.exitCode ?? .failed
    }
  }

  private func run(
    in context: CommandContext, display: ProgressDisplay, stop: StopSignal, rejects: RejectsFile, map: MapFile
  ) async throws -> RestoreReport {
    try rejects.checkIsNew()
    try map.checkIsNew()
    let reader = try ArchiveReader(directory: archive.directory)
    for note in reader.notes { context.console.note("note: \(note)") }
    // The run sends again what was lost, in smaller parts where the link is slow.
    return try await target.withConnection(connections, resendsLost: false, in: context) { client in
      try await RestoreRun(
        archive: reader, target: client.store, configuration: restoreConfiguration, rejects: rejects, moved: map,
        stop: stop,
        logger: context.logger("eventvault.restore", verbose: target.access.verbose),
        progress: { display.update(ProgressReading($0)) }
      ).run()
    }
  }

  private var connectionProblems: [String] {
    (1...64).contains(connections) ? [] : ["'--connections' must be 1 to 64, not \(connections)"]
  }

  private var restoreConfiguration: RestoreConfiguration {
    var configuration = RestoreConfiguration(
      streams: streams.isEmpty ? nil : streams.map { StreamName($0) }, includeSystem: includeSystem, dryRun: dryRun,
      inFlight: inFlight)
    form.apply(to: &configuration)
    writing.apply(to: &configuration)
    configuration.filter = filter.value
    configuration.retry.stallTimeout = stallTimeout.duration
    return configuration
  }
}

extension ProgressReading {
  init(_ progress: RestoreProgress) {
    self.init(events: progress.events, position: progress.position, fraction: progress.fraction)
  }
}
