import EventStoreCore

/// What became of one stream's metadata.
struct MetadataFindings: Hashable, Sendable {
  /// The archive's metadata events, all versions.
  var events = 0
  /// What became of the newest.
  var outcome = Outcome.nothing
  /// What became of an event number 0 that was set aside; nil when none was.
  var setAside: SetAside?
  /// Whether the stream can be read because of what was written.
  var isReadable = false
  /// Data and metadata written.
  var payloadBytes = 0
  /// What did not go as asked.
  var issues: [RestoreReport.Issue] = []

  enum Outcome: Hashable, Sendable {
    /// So many archived versions were written.
    case written(Int)
    case alreadyThere
    case conflict
    case rejected
    /// Written without being archived, so that the stream's events can be read, and fillers cannot.
    case uncovered
    /// Not written, because the stream's events could not be.
    case notWritten
    /// Not asked for.
    case leftOut
    case nothing
  }

  enum SetAside: Hashable, Sendable {
    case proven
    case unproven
    case different
  }

  /// Adds them up in the report.
  func count(into report: inout RestoreReport) {
    report.payloadBytes += payloadBytes
    // What hides fillers is not archived, and no event of the archive is behind it.
    let newest = min(events, 1)
    switch outcome {
    case .written(let versions):
      report.metadata.written += 1
      report.events.appended += versions
    case .alreadyThere:
      report.metadata.alreadyThere += 1
      report.events.alreadyThere += newest
    case .conflict:
      report.metadata.conflicts += 1
      report.events.notWritten += newest
    case .rejected:
      report.metadata.rejected += 1
      report.events.rejected += newest
    case .uncovered: report.metadata.written += 1
    case .notWritten: report.events.notWritten += events
    case .leftOut: report.events.leftOut += events
    case .nothing: break
    }
    switch outcome {
    case .written(let versions): report.events.supersededMetadata += events - versions
    case .alreadyThere, .conflict, .rejected: report.events.supersededMetadata += events - newest
    case .uncovered, .notWritten, .leftOut, .nothing: break
    }
    switch setAside {
    case .proven: report.events.alreadyThere += 1
    case .unproven: report.events.unproven += 1
    case .different: report.events.notWritten += 1
    case nil: break
    }
  }
}
