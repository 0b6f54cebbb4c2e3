package import Replication

/// The report of `compare`, for people and for programs.
package struct CompareText: ReportText {
  /// How many differences people get to read one by one.
  private static let maximumProblems = 50

  private let report: CompareReport
  private let reference: String
  private let elapsed: Duration

  /// - Parameter reference: What the target was compared with, without secrets.
  package init(report: CompareReport, reference: String, elapsed: Duration) {
    self.report = report
    self.reference = reference
    self.elapsed = elapsed
  }

  /// What differs or could not be compared, a line each.
  package var problems: [String] {
    var lines = report.differences.prefix(Self.maximumProblems).map { difference in
      "\(difference.kind.rawValue): stream \(difference.stream)"
        + "\(difference.number.map { ", event \($0)" } ?? ""): \(difference.detail)"
    }
    let rest = report.differenceCount - lines.count
    if rest > 0 { lines.append("and \(QuantityText.counted(rest, "difference")) more; --json lists more of them") }
    return lines + report.warnings.map { "warning: \($0)" }
  }

  /// What came out.
  package var lines: [String] {
    var lines = [summary]
    for (count, words) in streamCounts where count > 0 {
      lines.append("  \(QuantityText.counted(count, "stream")) \(words)")
    }
    if report.events.hidden > 0 {
      lines.append(
        "  \(QuantityText.counted(report.events.hidden, "event")) not compared: hidden on the target by the stream's own "
          + "metadata")
    }
    if report.events.fillers > 0 {
      lines.append(
        "  \(QuantityText.counted(report.events.fillers, "event")) on the target only to fill holes in the numbers")
    }
    if report.events.leftOut > 0 {
      lines.append("  \(QuantityText.counted(report.events.leftOut, "event")) not expected on the target")
    }
    if report.metadata.different > 0 {
      lines.append("  metadata of \(QuantityText.counted(report.metadata.different, "stream")) differ")
    }
    if !report.isFull { lines.append("  compared were numbers and metadata; --full compares every event") }
    return lines
  }

  private var summary: String {
    let end =
      switch report.outcome {
      case .equal: "equal"
      case .incomplete: "equal as far as it could be compared"
      case .different: "different"
      case .stopped: "stopped; no difference until then"
      }
    return "\(end): \(QuantityText.counted(report.streams.same, "stream")) with "
      + "\(QuantityText.counted(report.events.same + report.events.hidden, "event")) the same as in \(reference), in "
      + QuantityText.duration(elapsed)
  }

  private var streamCounts: [(Int, String)] {
    let streams = report.streams
    return [
      (streams.renumbered, "of these under other event numbers"), (streams.missing, "missing on the target"),
      (streams.extra ?? 0, "on the target only"), (streams.different, "different"),
      (streams.notCompared, "not compared"), (streams.hardDeletedLeftOut, "left out: deleted for ever"),
      (streams.systemLeftOut, "left out: the server's own"),
    ]
  }

  /// The object of docs/CLI.md, "compare".
  package func json(exitCode: ExitCode) -> JSONValue {
    let (streams, events, metadata) = (report.streams, report.events, report.metadata)
    return .object([
      ("kind", "compare"), ("version", 1), ("exitCode", .integer(Int64(exitCode.rawValue))),
      ("outcome", .string(report.outcome.rawValue)), ("full", .bool(report.isFull)), ("reference", .string(reference)),
      (
        "streams",
        Self.counts([
          ("same", streams.same), ("renumbered", streams.renumbered), ("missing", streams.missing),
          ("extra", streams.extra), ("different", streams.different), ("notCompared", streams.notCompared),
          ("hardDeletedLeftOut", streams.hardDeletedLeftOut), ("systemLeftOut", streams.systemLeftOut),
        ])
      ),
      (
        "events",
        Self.counts([
          ("reference", events.reference), ("same", events.same), ("hidden", events.hidden),
          ("fillers", events.fillers), ("leftOut", events.leftOut),
        ])
      ),
      ("metadata", Self.counts([("same", metadata.same), ("different", metadata.different)])),
      ("differenceCount", .integer(Int64(report.differenceCount))),
      ("differences", .array(report.differences.map(Self.json))),
      ("warnings", .array(report.warnings.map { .string($0) })), ("elapsedSeconds", JSONValue(seconds: elapsed)),
    ])
  }

  private static func counts(_ counts: [(String, Int?)]) -> JSONValue {
    .object(counts.map { ($0.0, $0.1.map { .integer(Int64($0)) } ?? .null) })
  }

  private static func json(_ difference: CompareReport.Difference) -> JSONValue {
    var fields: JSONFields = [("difference", .string(difference.kind.rawValue)), JSONValue.field(difference.stream)]
    if let number = difference.number { fields.append(("number", .integer(number))) }
    fields.append(("detail", .string(difference.detail)))
    return .object(fields)
  }
}
