/// What the tool's exit status says: the one table, described in docs/CLI.md. Unknown codes mean failure.
package enum ExitCode: Int32, CaseIterable, Sendable {
  /// All was done; also `backup --follow` and `serve` ended cleanly by a signal.
  case done = 0
  /// It failed, for a reason that has no code of its own.
  case failed = 1
  /// It finished, but some events could not be read or written.
  case incomplete = 3
  /// There is no archive at that place.
  case noArchive = 10
  /// Another run writes to the archive.
  case archiveLocked = 11
  /// The server does not know the user, or denies what was asked.
  case denied = 12
  /// No server answered in time, or none that could do the work.
  case unreachable = 13
  /// The archive is not as it was written.
  case archiveDamaged = 14
  /// The target holds something else where the archive's events belong.
  case conflict = 15
  /// The source is not the one that was archived, or was set back.
  case sourceDiverged = 16
  /// Nothing moved for the whole stall time-out.
  case stalled = 17
  /// A newer version of the tool wrote the archive.
  case newerFormat = 18
  /// The command line, the environment or a connection string makes no sense.
  case usage = 64
  /// The run was cut short by SIGINT, after its work was made safe.
  case interrupted = 130
  /// The run was cut short by SIGTERM, after its work was made safe.
  case terminated = 143

  /// The sentence of docs/CLI.md.
  package var meaning: String {
    switch self {
    case .done: "done; also `backup --follow` and `serve` ended by a signal, cleanly"
    case .failed: "failed"
    case .incomplete: "finished, but some events could not be read or written"
    case .noArchive: "no archive there"
    case .archiveLocked: "archive locked by another run"
    case .denied: "not authenticated, or denied"
    case .unreachable: "server unreachable"
    case .archiveDamaged: "archive damaged"
    case .conflict: "conflict with what the target holds"
    case .sourceDiverged: "the source is not the one that was archived, or was set back"
    case .stalled: "stalled: nothing moved for the stall time-out"
    case .newerFormat: "the archive has a newer format than this tool knows"
    case .usage: "usage: the command line or a connection string makes no sense"
    case .interrupted: "cut short by SIGINT; what was done is safe"
    case .terminated: "cut short by SIGTERM; what was done is safe"
    }
  }

  /// The name by which JSON output calls it.
  package var name: String { String(describing: self) }

  /// The code of a run to which several apply: 14, 16, 15, 3 win in this order, then any other failure, then done.
  package static func worst(_ codes: some Collection<ExitCode>) -> ExitCode {
    let winners: [ExitCode] = [.archiveDamaged, .sourceDiverged, .conflict, .incomplete]
    return winners.first(where: codes.contains) ?? codes.first { $0 != .done } ?? .done
  }
}
