package import EventArchive

/// The report of `verify`, for people and for programs.
package struct VerificationText: ReportText {
  private let report: VerificationReport
  private let directory: String
  private let elapsed: Duration

  package init(report: VerificationReport, directory: String, elapsed: Duration) {
    self.report = report
    self.directory = directory
    self.elapsed = elapsed
  }

  /// Every fault, the notes, then one sentence.
  package var lines: [String] {
    var lines = report.faults.map { "fault: \($0)" } + report.notes.map { "note: \($0)" }
    let amount =
      "\(QuantityText.counted(report.events, "event")) in \(QuantityText.counted(report.segments, "sealed segment")), "
      + "\(QuantityText.bytes(report.compressedBytes)) (\(QuantityText.bytes(report.rawBytes)) as text)"
    if report.isSound {
      lines.append("sound: \(directory): \(amount), read in \(QuantityText.duration(elapsed))")
    } else {
      lines.append("DAMAGED: \(directory): \(QuantityText.counted(report.faults.count, "fault")); \(amount)")
    }
    if let head = report.headDigest { lines.append("head: \(head)") }
    return lines
  }

  /// The object of docs/CLI.md, "verify".
  package func json(exitCode: ExitCode) -> JSONValue {
    var fields: JSONFields = [
      ("kind", "verify"), ("version", 1), ("exitCode", .integer(Int64(exitCode.rawValue))),
      ("sound", .bool(report.isSound)), ("events", .integer(Int64(report.events))),
      ("segments", .integer(Int64(report.segments))), ("compressedBytes", .integer(Int64(report.compressedBytes))),
      ("rawBytes", .integer(Int64(report.rawBytes))),
    ]
    if let head = report.headDigest { fields.append(("head", .string("\(head)"))) }
    if let description = report.description { fields.append(("archiveId", .string("\(description.id)"))) }
    fields.append(("faults", .array(report.faults.map(Self.json))))
    fields.append(("notes", .array(report.notes.map { .string($0) })))
    fields.append(("elapsedSeconds", JSONValue(seconds: elapsed)))
    return .object(fields)
  }

  private static func json(_ fault: ArchiveFault) -> JSONValue {
    var fields: JSONFields = [("fault", .string(fault.kind.rawValue)), ("path", .string(fault.path))]
    if let line = fault.line { fields.append(("line", .integer(Int64(line)))) }
    if let offset = fault.offset { fields.append(("offset", .integer(Int64(offset)))) }
    fields.append(("detail", .string(fault.detail)))
    return .object(fields)
  }
}
