import EventStoreCore

/// Reads of `$all`.
extension MemoryLog {
  /// Reads one page of `$all`: forward from a position inclusive, backward exclusive; (-1, -1) is the end of the log.
  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool,
    by principal: Principal?, at now: Timestamp
  ) -> AllReadAnswer {
    guard maximumCount <= Self.maximumPageCount else {
      return AllReadAnswer(outcome: .failed(ReadFailure.pageTooLarge), position: position)
    }
    let from = position == .end ? Position(commit: store.end, prepare: store.end) : position
    let outcome: ReadOutcome<AllPage>
    if from.commit < 0 || from.prepare < 0 {
      outcome = .failed(ReadFailure.invalidPosition)
    } else if !allows(.read, to: "", by: principal) {
      outcome = .accessDenied
    } else if maximumCount <= 0 {
      outcome = .found(AllPage(events: [], position: from, nextPosition: from))
    } else if let failure = failure(direction, at: from.commit) {
      outcome = .failed(failure)
    } else {
      outcome = readPage(direction, from, maximumCount, resolveLinks, principal, now)
    }
    return AllReadAnswer(outcome: outcome, position: from)
  }

  /// Why no read can begin at this commit position.
  private func failure(_ direction: ReadDirection, at commit: Int64) -> String? {
    if commit > store.end { return direction == .forward ? nil : ReadFailure.beyondEnd(commit, end: store.end) }
    return store.isBoundary(commit) ? nil : ReadFailure.noRecord(at: commit)
  }

  private func readPage(
    _ direction: ReadDirection, _ from: Position, _ maximumCount: Int, _ resolveLinks: Bool, _ principal: Principal?,
    _ now: Timestamp
  ) -> ReadOutcome<AllPage> {
    let records = store.records
    let places: StrideTo<Int>
    switch direction {
    case .forward:
      let first = records.partitionPoint { $0.position < from }
      places = stride(from: first, to: min(first + maximumCount, records.count), by: 1)
    case .backward:
      let end = records.partitionPoint { $0.backwardPosition < from }
      places = stride(from: end - 1, to: max(0, end - maximumCount) - 1, by: -1)
    }
    var page = AllPage(events: [], position: from, nextPosition: from)
    for place in places {
      let record = records[place]
      guard
        let event = resolve(record, links: resolveLinks, for: .client(principal), at: now, withPosition: true)
      else { return .accessDenied }
      page.events.append(event)
      page.nextPosition = next(direction, after: record)
    }
    return .found(page)
  }

  /// Where a page goes on that ends with this record.
  private func next(_ direction: ReadDirection, after record: StoredRecord) -> Position {
    let isAlone = record.commit == record.prepare
    switch direction {
    case .forward where isAlone: return Position(commit: record.commitEnd, prepare: 0)
    case .forward: return Position(commit: record.commit, prepare: record.prepare + preparedSize(record))
    case .backward where isAlone: return record.position
    case .backward: return record.backwardPosition
    }
  }

  private func preparedSize(_ record: StoredRecord) -> Int64 {
    RecordSize.prepare(
      stream: streams[record.stream].name, type: record.type.utf8.count, data: record.data.count,
      metadata: record.metadata.count)
  }
}
