import EventStoreCore

/// Hard-deletes the streams that the archive shows hard-deleted, last of all: what is gone for ever cannot be written again.
struct TombstoneRestore {
  let plan: RestorePlan
  let configuration: RestoreConfiguration
  let target: RestoreTarget
  let stop: StopSignal
  let events: EventsRestore
  /// What was found out about events that had been set aside, by the stream's name in the archive.
  let setAside: [StreamName: MetadataFindings.SetAside]

  /// Goes through the streams until the end or the stop signal; what is under way then is waited for.
  ///
  /// - Throws: as `EventsRestore.run`.
  func run(_ tally: inout RestoreTally) async throws {
    try await withThrowingTaskGroup(of: TombstoneFindings.self) { group in
      var waiting = plan.tombstones.makeIterator()
      var inFlight = 0
      while true {
        while inFlight < configuration.appendsInFlight, !stop.isStopped, let stream = waiting.next() {
          inFlight += 1
          group.addTask { [self] in try await restore(stream) }
        }
        guard let findings = try await group.next() else { break }
        inFlight -= 1
        tally.add(findings)
      }
    }
  }

  private func restore(_ stream: StreamName) async throws -> TombstoneFindings {
    let summary = events.summary(of: stream)
    let name = plan.naming.name(of: stream)
    switch summary?.ending {
    case .deleted: return .alreadyThere
    case .refused, .conflict, .denied, .cutShort: return .notWritten
    case nil: break
    }
    switch setAside[stream] {
    case .different, .unproven: return .notWritten
    case .proven, nil: break
    }
    do {
      let head = TargetHead(try await target.head(of: name))
      if head.isHardDeleted { return .alreadyThere }
      // Less is there only in a dry run, which has written nothing.
      guard head.last <= (summary?.lastRestored ?? -1) else {
        return .conflict(
          .init(
            kind: .differentEvent, stream: name.description, number: head.last,
            detail: "the archive shows the stream deleted for ever, and the target has events that the archive has not")
        )
      }
      try await target.tombstone(name, expected: ExpectedVersion(after: head.last < 0 ? nil : head.last))
      return .written
    } catch let error as EventStoreError {
      switch StreamRefusal(error) {
      case .hardDeleted: return .alreadyThere
      case .denied: return .refused(.init(kind: .accessDenied, stream: name.description, detail: error.message))
      case .wrongVersion:
        return .conflict(
          .init(
            kind: .differentEvent, stream: name.description,
            detail: "the target's stream grew while it was to be deleted for ever"))
      case .unacceptable, nil: throw error
      }
    }
  }
}

/// What became of one tombstone.
enum TombstoneFindings: Hashable, Sendable {
  case written
  case alreadyThere
  /// The stream's events could not be written.
  case notWritten
  /// The target has something else.
  case conflict(RestoreReport.Issue)
  /// The target does not do it.
  case refused(RestoreReport.Issue)
}
