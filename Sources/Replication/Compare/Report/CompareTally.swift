import EventStoreCore

/// Counts what a comparison finds.
struct CompareTally {
  private(set) var report: CompareReport
  private let maximumListed: Int
  private var compared = 0
  private var denied: EventStoreError?

  init(_ configuration: CompareConfiguration) {
    report = CompareReport(isFull: configuration.isFull)
    maximumListed = configuration.maximumDifferencesListed
  }

  /// This is what the reference holds.
  mutating func inventoried(_ inventory: Inventory) {
    report.streams.systemLeftOut = inventory.systemLeftOut
    report.events.reference = inventory.events
    report.events.leftOut = inventory.eventsLeftOut
    for stream in inventory.notFound {
      report.streams.notCompared += 1
      add(.notInReference, stream, nil, "the reference does not hold it")
    }
  }

  /// This came of a stream.
  mutating func add(_ stream: StreamName, _ comparison: StreamComparison, _ verdict: StreamVerdict) {
    compared += 1
    let (reference, target) = (comparison.reference, comparison.target)
    switch verdict {
    case .leftOut:
      report.streams.hardDeletedLeftOut += 1
      report.events.reference -= reference.tally.events
    case .missing:
      report.streams.missing += 1
      add(.missing, stream, nil, "the target does not have it")
    case .different(let difference):
      report.streams.different += 1
      add(difference.kind, stream, difference.number, difference.detail)
      if target.status != .deleted, difference.kind != .aliveOnTarget {
        _ = compareMetadata(stream, reference, target, .same)
      }
    case .suspect(let numbering):
      report.streams.different += 1
      add(.differentEvents, stream, nil, "its events differ; where was not looked up")
      _ = compareMetadata(stream, reference, target, numbering)
    case .same(let numbering, let hidden):
      let isSame = target.status == .deleted || compareMetadata(stream, reference, target, numbering)
      guard isSame else {
        report.streams.different += 1
        return
      }
      report.streams.same += 1
      if numbering == .contiguous { report.streams.renumbered += 1 }
      report.events.hidden += hidden
      report.events.fillers += target.fillers
      report.events.same += reference.tally.events - hidden
    }
  }

  private mutating func compareMetadata(
    _ stream: StreamName, _ reference: ReferenceStream, _ target: TargetStream, _ numbering: Numbering
  ) -> Bool {
    guard reference.hasMetadata else { return true }
    guard reference.effectiveMetadata.isSame(as: target.metadata, numbering, first: reference.tally.first) else {
      report.metadata.different += 1
      add(.differentMetadata, stream, nil, "its metadata say something else on the target")
      return false
    }
    if reference.metadata != nil { report.metadata.same += 1 }
    return true
  }

  /// The user may not read a stream.
  mutating func denied(_ stream: StreamName, _ error: EventStoreError) {
    denied = denied ?? error
    report.streams.notCompared += 1
    add(.accessDenied, stream, nil, error.message)
  }

  /// The streams that only the target has were looked for.
  mutating func lookedForExtra() {
    report.streams.extra = report.streams.extra ?? 0
  }

  /// Only the target has this stream.
  mutating func extra(_ stream: StreamName) {
    report.streams.extra = (report.streams.extra ?? 0) + 1
    add(.extra, stream, nil, "only the target has it")
  }

  /// Something else should be known.
  mutating func warn(_ sentence: String) {
    report.warnings.append(sentence)
  }

  /// Makes a user who may read no stream at all an error of the run.
  /// - Throws: `accessDenied`.
  func checkAccess() throws {
    guard let denied, compared == 0 else { return }
    throw denied
  }

  /// What came out in all.
  func finished(wasStopped: Bool, isComplete: Bool) -> CompareReport {
    var report = report
    let streams = report.streams
    report.outcome =
      if streams.missing + streams.different + (streams.extra ?? 0) > 0 {
        .different
      } else if wasStopped {
        .stopped
      } else if streams.notCompared > 0 || !isComplete {
        .incomplete
      } else {
        .equal
      }
    return report
  }

  private mutating func add(
    _ kind: CompareReport.Difference.Kind, _ stream: StreamName, _ number: EventNumber?, _ detail: String
  ) {
    report.differenceCount += 1
    guard report.differences.count < maximumListed else { return }
    report.differences.append(.init(kind: kind, stream: stream, number: number, detail: detail))
  }
}
