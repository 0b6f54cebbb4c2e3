import EventStoreCore

/// Carries out what `DifferenceSearch` asks for.
struct DifferenceLocator: Sendable {
  let reference: any CompareReference
  let target: TargetReader
  let mapping: StreamMapping
  let now: Timestamp

  /// Where the two sides of a stream differ first; `suspect` when that cannot be seen.
  ///
  /// - Throws: what the two sides throw.
  func locate(
    _ stream: StreamName, _ comparison: StreamComparison, _ numbering: Numbering, _ monitor: CompareMonitor
  ) async throws -> StreamVerdict {
    // Numbers that are counted need all events.
    guard reference.givesHiddenEvents || numbering == .same else { return .suspect(numbering) }
    var search = DifferenceSearch(
      comparison.reference, targetLast: comparison.target.last, numbering,
      isReferenceWhole: reference.givesHiddenEvents, now: now)
    let expected = reference.events(of: stream, through: comparison.reference.tally.last)
    let actual = StreamEvents(
      target.reader, mapping.onTarget(stream), through: comparison.target.last, patience: target.patience)
    var action = search.next()
    while true {
      switch action {
      case .readReference:
        let events = try await expected.next()
        let expected = events?.filter { reference.selection.verdict($0) == .take }
        action = search.referenceArrived(expected?.map { mapping.onTarget($0) })
      case .readTarget:
        let events = try await actual.next()
        monitor.read(0)
        action = search.targetArrived(events?.filter { !reference.isFiller($0) })
      case .decided(let verdict): return verdict
      }
    }
  }
}
