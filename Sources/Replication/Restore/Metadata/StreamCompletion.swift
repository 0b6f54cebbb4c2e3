import EventStoreCore

/// What is left to do for one stream once its events are in: its metadata, and the proof of an event that was set aside.
struct StreamCompletion: Sendable {
  /// How often the target's metadata may change between a look at them and the write.
  private static let maximumAttempts = 5

  /// The stream, by its name on the target.
  let stream: StreamName
  /// The metadata that it should have; nil when they are none of our business.
  let wish: MetadataWish?
  /// The archived metadata; nil when there are none.
  let archived: ArchivedMetadata?
  /// What has become of the stream's events; nil when none were taken.
  let summary: StreamRestoreSummary?
  let limits: AppendLimits
  let target: RestoreTarget

  /// - Throws: as `RestoreTarget.carryOut`.
  func run() async throws -> MetadataFindings {
    var findings = MetadataFindings()
    findings.events = archived?.count ?? 0
    switch summary?.ending {
    case .refused, .conflict, .denied, .deleted:
      if archived != nil { findings.outcome = .notWritten }
      return findings
    case .cutShort, nil: break
    }
    var known: TargetMetadata?
    do {
      known = TargetMetadata(try await target.head(of: stream.metadataStream))
      if let wish {
        try await restore(wish, over: known, &findings)
      } else if archived != nil {
        findings.outcome = .leftOut
      }
    } catch let error as EventStoreError {
      guard let refusal = StreamRefusal(error) else { throw error }
      try await refused(refusal, error, &findings)
    }
    if let event = summary?.setAside { try await prove(event, knowing: known, &findings) }
    return findings
  }

  // MARK: Metadata

  /// Writes what is to be written.
  /// - Parameter known: What the target has.
  private func restore(
    _ wish: MetadataWish, over known: TargetMetadata?, _ findings: inout MetadataFindings
  ) async throws {
    let id = EventID()
    var current = known
    for _ in 0..<Self.maximumAttempts {
      let isAhead = summary.map { ($0.lastOnTarget ?? -1) > $0.lastArrived } ?? false
      switch MetadataDecision.about(wish, archived: archived, target: current, isAhead: isAhead, id: id) {
      case .nothing:
        if findings.outcome == .nothing, archived != nil { findings.outcome = .leftOut }
        return
      case .alreadyThere:
        if findings.outcome == .nothing { findings.outcome = .alreadyThere }
        return
      case .conflict:
        findings.outcome = .conflict
        findings.issues.append(issue(.differentMetadata, "the target has other metadata, which stay as they are"))
        return
      case .write(let events, let expected):
        let isDone = try await write(events, expected: expected, after: current, &findings)
        let endsSoftDelete = current?.event.map { MetadataContent($0.data).isSoftDelete } ?? false
        // What ends a soft delete gets a `$tb` from the server, which hides all events: look again.
        if isDone, target.isDryRun || !endsSoftDelete { return }
        current = TargetMetadata(try await target.head(of: stream.metadataStream))
      }
    }
    throw ReplicationError(
      .unexpectedAnswer, "the metadata of stream \(stream) change whenever they are to be written", stream: stream,
      hint: "another program may write them; run the same command again")
  }

  /// Whether it was done; false when the target has changed meanwhile.
  private func write(
    _ events: [ProposedEvent], expected: ExpectedVersion, after known: TargetMetadata?,
    _ findings: inout MetadataFindings
  ) async throws -> Bool {
    if let weight = events.map(\.weightInBytes).max(), weight > limits.maximumEventBytes {
      throw EventStoreError(
        .eventTooLarge, "it has \(weight) bytes, and the target takes \(limits.maximumEventBytes)")
    }
    var (rest, expected, first) = (events[...], expected, (known?.number ?? -1) + 1)
    while !rest.isEmpty {
      let batch = Array(rest.prefix(batchCount(rest)))
      rest = rest.dropFirst(batch.count)
      do {
        let result = try await target.append(batch, to: stream.metadataStream, expected: expected, first: first)
        guard result.firstEventNumber == first else {
          throw ReplicationError(
            .unexpectedAnswer, "metadata number \(first) of stream \(stream) came back as \(result.firstEventNumber)",
            stream: stream)
        }
      } catch let error as EventStoreError where error.code == .wrongExpectedVersion {
        return false
      }
      first += EventNumber(batch.count)
      expected = .exactly(first - 1)
    }
    // What is written again because the server added a `$tb` counts once.
    if findings.outcome == .nothing {
      findings.outcome = archived == nil ? .uncovered : .written(events.count)
      findings.payloadBytes = events.reduce(0) { $0 + $1.data.count + $1.metadata.count }
    }
    findings.isReadable = events.last.map { !MetadataContent($0.data).isSoftDelete } ?? false
    return true
  }

  /// How many events one append has.
  ///
  /// A soft delete goes with what follows it: what ends a soft delete in an append of its own gets a `$tb` from the server.
  private func batchCount(_ events: ArraySlice<ProposedEvent>) -> Int {
    var bytes = 0
    let count = events.prefix(limits.maximumEvents).prefix { event in
      bytes += event.weightInBytes
      return bytes <= limits.maximumBytes
    }.count
    let rest = events.dropFirst(max(count, 1) - 1)
    let softDeletes = rest.prefix { MetadataContent($0.data).isSoftDelete }.count
    return min(max(count, 1) + softDeletes, events.count)
  }

  private func refused(
    _ refusal: StreamRefusal, _ error: EventStoreError, _ findings: inout MetadataFindings
  ) async throws {
    switch refusal {
    case .denied:
      findings.outcome = .notWritten
      findings.issues.append(issue(.accessDenied, error.message))
    case .hardDeleted:
      findings.outcome = .conflict
      findings.issues.append(issue(.hardDeletedOnTarget, "it is deleted for ever on the target"))
    case .unacceptable:
      guard let event = archived?.last else { throw error }
      _ = try await target.carryOut(.reject(event, reason: "\(error)"), of: event.stream)
      findings.outcome = .rejected
      findings.issues.append(issue(.rejected, "its metadata: \(error)"))
    case .wrongVersion: throw error
    }
  }

  // MARK: The event that was set aside

  /// Proves the first event of a stream that was soft-deleted on the target.
  ///
  /// Appending it again is safe where the stream can be read now, where events after it were proven, and where the soft
  /// delete is an archived one, so that the stream cannot be another; else nobody can tell.
  private func prove(
    _ event: QueuedEvent, knowing known: TargetMetadata?, _ findings: inout MetadataFindings
  ) async throws {
    guard let summary else { return }
    let isArchivedDelete = known?.event.map { archived?.holds($0.id) ?? false } ?? false
    guard findings.isReadable || summary.appended > 0 || summary.proven > 0 || isArchivedDelete else {
      return unproven(event, &findings)
    }
    guard !target.isDryRun else {
      if isArchivedDelete { findings.setAside = .proven } else { unproven(event, &findings) }
      return
    }
    let batch = AppendBatch(first: 0, events: [event])
    switch try await target.carryOut(.prove(batch), of: stream) {
    case .appended(let result) where result.firstEventNumber == 0: findings.setAside = .proven
    case .refused: try await compare(batch, &findings)
    case .appended, .head, .visible, .rejected:
      throw ReplicationError(
        .unexpectedAnswer, "event 0 of stream \(stream) was taken for another one", stream: stream)
    }
  }

  private func compare(_ batch: AppendBatch, _ findings: inout MetadataFindings) async throws {
    guard case .visible(let ids) = try await target.carryOut(.compare(batch), of: stream) else {
      return unproven(batch.events[0], &findings)
    }
    switch ids[0] {
    case nil: unproven(batch.events[0], &findings)
    case batch.events[0].event.id: findings.setAside = .proven
    case let other?:
      findings.setAside = .different
      findings.issues.append(
        issue(
          .differentEvent, "the target has event \(other), the archive has \(batch.events[0].event.id)", number: 0))
    }
  }

  private func unproven(_ event: QueuedEvent, _ findings: inout MetadataFindings) {
    findings.setAside = .unproven
    // The stream's other events may have said so already; and a dry run cannot tell.
    guard summary?.unproven == 0, !target.isDryRun else { return }
    findings.issues.append(
      issue(
        .unproven, "the stream is soft-deleted on the target, so nobody can tell whether it was the same",
        number: event.event.number))
  }

  private func issue(
    _ kind: RestoreReport.Issue.Kind, _ detail: String, number: EventNumber? = nil
  ) -> RestoreReport.Issue {
    RestoreReport.Issue(kind: kind, stream: stream.description, number: number, detail: detail)
  }
}
