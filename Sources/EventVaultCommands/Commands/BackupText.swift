package import Replication

/// The report of `backup`, for people and for programs.
package struct BackupText: ReportText {
  private let report: BackupReport
  private let directory: String
  private let elapsed: Duration

  package init(report: BackupReport, directory: String, elapsed: Duration) {
    self.report = report
    self.directory = directory
    self.elapsed = elapsed
  }

  /// What was not as asked, a line each.
  package var problems: [String] {
    report.unreadStreams.map { "error: stream \($0.stream) was not archived: \(Self.words($0.reason))" }
      + report.gaps.map { "error: \($0.what) could not be read, and is not in the archive: \($0.reason)" }
      + report.warnings.map { "warning: \($0)" }
  }

  /// What was done.
  package var lines: [String] {
    let end =
      switch report.outcome {
      case .finished: "backed up"
      case .incomplete: "backed up in part"
      case .stopped: "stopped"
      }
    var text = "\(end): \(QuantityText.counted(report.events, "new event")) into \(directory)"
    text += ", \(QuantityText.bytes(report.payloadBytes)) of data and metadata"
    if report.eventsLeftOut > 0 {
      text += ", \(QuantityText.counted(report.eventsLeftOut, "event")) left out"
    }
    text += ", in \(QuantityText.duration(elapsed))"
    return [text] + (report.position.map { ["checkpoint: \($0)"] } ?? [])
  }

  /// The object of docs/CLI.md, "backup".
  package func json(exitCode: ExitCode) -> JSONValue {
    var fields: JSONFields = [
      ("kind", "backup"), ("version", 1), ("exitCode", .integer(Int64(exitCode.rawValue))),
      ("outcome", .string(report.outcome.rawValue)), ("events", .integer(Int64(report.events))),
      ("eventsLeftOut", .integer(Int64(report.eventsLeftOut))), ("payloadBytes", .integer(Int64(report.payloadBytes))),
    ]
    if let position = report.position { fields.append(("position", .string(position))) }
    fields += [
      (
        "unreadStreams",
        .array(
          report.unreadStreams.map {
            .object([("stream", .string($0.stream)), ("reason", .string($0.reason.rawValue))])
          })
      ),
      (
        "gaps",
        .array(report.gaps.map { .object([("what", .string($0.what)), ("reason", .string($0.reason))]) })
      ),
      ("warnings", .array(report.warnings.map { .string($0) })), ("elapsedSeconds", JSONValue(seconds: elapsed)),
    ]
    return .object(fields)
  }

  private static func words(_ reason: BackupReport.UnreadStream.Reason) -> String {
    switch reason {
    case .missing: "there is no such stream"
    case .softDeleted: "it is deleted"
    case .hardDeleted: "it is deleted for ever"
    case .accessDenied: "the user may not read it"
    }
  }
}
