package import Replication

/// The report of `restore`, for people and for programs.
package struct RestoreText: ReportText {
  /// How many issues people get to read one by one.
  private static let maximumProblems = 50

  private let report: RestoreReport
  private let directory: String
  private let rejectsFile: String?
  private let mapFile: String?
  private let elapsed: Duration

  package init(
    report: RestoreReport, directory: String, rejectsFile: String?, mapFile: String? = nil, elapsed: Duration
  ) {
    self.report = report
    self.directory = directory
    self.rejectsFile = rejectsFile
    self.mapFile = mapFile
    self.elapsed = elapsed
  }

  /// What did not go as asked, a line each.
  package var problems: [String] {
    var lines = report.issues.prefix(Self.maximumProblems).map { issue in
      "\(issue.kind.rawValue): stream \(issue.stream)\(issue.number.map { ", event \($0)" } ?? ""): \(issue.detail)"
    }
    if report.issueCount > lines.count {
      let rest = QuantityText.counted(report.issueCount - lines.count, "issue")
      lines.append("and \(rest) more; --json lists more of them")
    }
    return lines + report.warnings.map { "warning: \($0)" }
  }

  /// What was done, or with `--dry-run` would be.
  package var lines: [String] {
    let would = report.isDryRun ? "would be " : ""
    var lines = [summary]
    for (count, words) in streamCounts where count > 0 {
      lines.append("  \(QuantityText.counted(count, "stream")) \(words)")
    }
    for (count, words) in eventCounts where count > 0 {
      lines.append("  \(QuantityText.counted(count, "event")) \(words)")
    }
    if report.metadata.written > 0 {
      lines.append("  metadata of \(QuantityText.counted(report.metadata.written, "stream")) \(would)written")
    }
    if report.metadata.conflicts > 0 {
      lines.append(
        "  metadata of \(QuantityText.counted(report.metadata.conflicts, "stream")) differs and was not touched")
    }
    switch report.order {
    case .global: lines.append("  order: the archive's, over all streams")
    case .stream: lines.append("  order: the archive's within each stream (--in-flight 1 keeps it over all streams)")
    }
    if let kept = report.lastKept { lines.append("  last event kept: \(Self.words(kept))") }
    if let dropped = report.firstDropped { lines.append("  first event dropped: \(Self.words(dropped))") }
    if let moment = report.expiredAt { lines.append("  expired events: those too old at \(moment) (--expired-at)") }
    if let mapFile { lines.append("  map of moved events: \(mapFile)") }
    if let rejectsFile { lines.append("  rejects: \(rejectsFile)") }
    return lines
  }

  private static func words(_ edge: CutEdge) -> String {
    "\(edge.created), position \(edge.position), event \(edge.number) of \(edge.stream)"
  }

  private var summary: String {
    let end =
      switch report.outcome {
      case .finished: report.isDryRun ? "dry run" : "restored"
      case .incomplete: "restored in part"
      case .conflict: "conflict"
      case .stopped: "stopped; the same command again continues"
      }
    let verb = report.isDryRun ? "would be written" : "written"
    return "\(end): \(QuantityText.counted(report.events.appended, "event")) \(verb) from \(directory), "
      + "\(QuantityText.count(report.events.alreadyThere)) already there, in \(QuantityText.duration(elapsed))"
  }

  private var streamCounts: [(Int, String)] {
    let streams = report.streams
    return [
      (streams.created, "new on the target"), (streams.continued, "continued"),
      (streams.alreadyThere, "all there already"), (streams.refused, "refused: the event numbers would change"),
      (streams.conflicts, "with something else on the target"), (streams.cutShort, "cut short at a rejected event"),
      (streams.denied, "denied: the user may not write them"),
      (
        streams.unproven,
        report.isDryRun ? "with events hidden on the target" : "unproven: events are gone on the target"
      ),
      (streams.hardDeletedLeftOut, "left out: deleted for ever"), (streams.systemLeftOut, "left out: the server's own"),
      (streams.missing, "not in the archive"),
    ]
  }

  private var eventCounts: [(Int, String)] {
    let events = report.events
    return [
      (events.rejected, "rejected by the target"), (events.notWritten, "not written, behind one that could not be"),
      (
        events.unproven,
        report.isDryRun
          ? "hidden on the target: only the restore itself can prove them" : "unproven: gone on the target"
      ),
      (events.supersededMetadata, "of older metadata, replaced by newer"),
      (events.tombstonesLeftOut, "of type $streamDeleted left out"), (events.leftOut, "of streams left out"),
      (events.filteredOut, "of other types left out"), (events.expiredLeftOut, "left out: too old for their stream"),
      (events.afterCut, "after the moment restored to"),
      (events.moved, report.isDryRun ? "would get another number or stream" : "with another number or stream"),
      (events.fillers, "filling holes"),
      (events.tombstonesWritten, report.isDryRun ? "would hard-delete a stream" : "hard-deleting a stream"),
      (events.tombstonesAlreadyThere, "hard-deleting a stream, there already"),
      (events.ofDeletedStreams, "of streams hard-deleted on the target"),
      (events.danglingLinks, "that link to what is not there"),
    ]
  }

  /// The object of docs/CLI.md, "restore".
  package func json(exitCode: ExitCode) -> JSONValue {
    let (streams, events, metadata) = (report.streams, report.events, report.metadata)
    var fields: JSONFields = [
      ("kind", "restore"), ("version", 1), ("exitCode", .integer(Int64(exitCode.rawValue))),
      ("outcome", .string(report.outcome.rawValue)), ("dryRun", .bool(report.isDryRun)),
      ("order", .string(report.order.rawValue)),
      (
        "streams",
        Self.counts([
          ("created", streams.created), ("continued", streams.continued), ("alreadyThere", streams.alreadyThere),
          ("refused", streams.refused), ("conflicts", streams.conflicts), ("cutShort", streams.cutShort),
          ("denied", streams.denied), ("unproven", streams.unproven),
          ("hardDeletedLeftOut", streams.hardDeletedLeftOut),
          ("systemLeftOut", streams.systemLeftOut), ("missing", streams.missing),
        ])
      ),
      (
        "events",
        Self.counts([
          ("appended", events.appended), ("alreadyThere", events.alreadyThere), ("unproven", events.unproven),
          ("rejected", events.rejected), ("notWritten", events.notWritten),
          ("supersededMetadata", events.supersededMetadata), ("tombstonesLeftOut", events.tombstonesLeftOut),
          ("leftOut", events.leftOut),
          ("filteredOut", events.filteredOut), ("expiredLeftOut", events.expiredLeftOut),
          ("afterCut", events.afterCut), ("moved", events.moved), ("fillers", events.fillers),
          ("tombstonesWritten", events.tombstonesWritten),
          ("tombstonesAlreadyThere", events.tombstonesAlreadyThere),
          ("ofDeletedStreams", events.ofDeletedStreams), ("danglingLinks", events.danglingLinks),
        ])
      ),
      (
        "metadata",
        Self.counts([
          ("written", metadata.written), ("alreadyThere", metadata.alreadyThere), ("conflicts", metadata.conflicts),
          ("rejected", metadata.rejected),
        ])
      ),
      ("payloadBytes", .integer(Int64(report.payloadBytes))), ("issueCount", .integer(Int64(report.issueCount))),
      ("issues", .array(report.issues.map(Self.json))), ("warnings", .array(report.warnings.map { .string($0) })),
    ]
    if let kept = report.lastKept { fields.append(("lastKept", Self.json(kept))) }
    if let dropped = report.firstDropped { fields.append(("firstDropped", Self.json(dropped))) }
    if let moment = report.expiredAt { fields.append(("expiredAt", .string(moment))) }
    if let mapFile { fields.append(("mapFile", .string(mapFile))) }
    if let rejectsFile { fields.append(("rejectsFile", .string(rejectsFile))) }
    fields.append(("elapsedSeconds", JSONValue(seconds: elapsed)))
    return .object(fields)
  }

  private static func counts(_ counts: [(String, Int)]) -> JSONValue {
    .object(counts.map { ($0.0, .integer(Int64($0.1))) })
  }

  private static func json(_ edge: CutEdge) -> JSONValue {
    .object([
      ("position", .string(edge.position)), ("stream", .string(edge.stream)), ("number", .integer(edge.number)),
      ("created", .string(edge.created)),
    ])
  }

  private static func json(_ issue: RestoreReport.Issue) -> JSONValue {
    var fields: JSONFields = [("issue", .string(issue.kind.rawValue)), ("stream", .string(issue.stream))]
    if let number = issue.number { fields.append(("number", .integer(number))) }
    fields.append(("detail", .string(issue.detail)))
    return .object(fields)
  }
}
