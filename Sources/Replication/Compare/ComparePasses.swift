import EventStoreCore

/// The passes of a comparison, one after the other. (docs/COMPARE.md, "The passes".)
struct ComparePasses: Sendable {
  private enum Reading: Sendable {
    case read(StreamName, TargetStream)
    case denied(StreamName, EventStoreError)
  }

  let reference: any CompareReference
  let target: TargetReader
  let configuration: CompareConfiguration
  let stop: StopSignal
  let now: Timestamp
  let monitor: CompareMonitor

  private var mapping: StreamMapping {
    StreamMapping(configuration.renames, addsOrigin: configuration.form.addsOriginMetadata)
  }

  /// Goes through all of them; whether everything that was to be looked at could be.
  ///
  /// - Throws: `Interruption.stopped`, with what was found until then in `tally`; what ends the whole run.
  func run(_ tally: inout CompareTally) async throws -> Bool {
    monitor.entered(.inventory)
    let inventory = try await reference.inventory(configuration.form, monitor)
    tally.inventoried(inventory)
    try mapping.check(inventory.streams.keys.sorted())
    var (comparisons, renumbered) = try await readTarget(inventory, &tally)
    if comparisons.contains(where: \.value.needsEvents) {
      let mapping = try await followingLinks(inventory, renumbered: renumbered)
      try await readReference(inventory, mapping, &comparisons)
      try await locate(mapping, &comparisons, &tally)
    }
    return try await findExtra(inventory, &tally)
  }

  // MARK: The target's streams

  /// Reads the target's streams; those that are decided by that go into the tally, the others are given back, and which
  /// have other numbers there.
  private func readTarget(
    _ inventory: Inventory, _ tally: inout CompareTally
  ) async throws -> ([StreamName: StreamComparison], renumbered: Set<StreamName>) {
    monitor.entered(.target, eventsLeft: configuration.isFull ? 2 * inventory.events : inventory.events)
    var comparisons: [StreamName: StreamComparison] = [:]
    var renumbered: Set<StreamName> = []
    try await withThrowingTaskGroup(of: Reading.self) { group in
      var waiting = inventory.streams.keys.sorted().makeIterator()
      var inFlight = 0
      while true {
        while inFlight < configuration.inFlight, let stream = waiting.next() {
          if stop.isStopped { throw Interruption.stopped }
          guard let reference = inventory.streams[stream] else { continue }
          inFlight += 1
          group.addTask { try await read(stream, reference) }
        }
        guard let reading = try await group.next() else { break }
        inFlight -= 1
        switch reading {
        case .denied(let stream, let error): tally.denied(stream, error)
        case .read(let stream, let target):
          guard let reference = inventory.streams[stream] else { continue }
          let comparison = StreamComparison(reference, target, isFull: configuration.isFull, now: now)
          if comparison.numbering == .contiguous { renumbered.insert(stream) }
          if comparison.needsEvents {
            comparisons[stream] = comparison
          } else {
            tally.add(stream, comparison, comparison.verdict)
          }
        }
      }
    }
    return (comparisons, renumbered)
  }

  private func read(_ stream: StreamName, _ reference: ReferenceStream) async throws -> Reading {
    do {
      let found = try await target.read(
        mapping.onTarget(stream), for: reference, isFull: configuration.isFull, isFiller: self.reference.isFiller
      ) { monitor.read($0) }
      if !configuration.isFull { monitor.read(reference.tally.events) }
      return .read(stream, found)
    } catch let error as EventStoreError where error.code == .accessDenied {
      return .denied(stream, error)
    }
  }

  // MARK: The reference's events

  /// The mapping that knows where links lead, if any of what they lead to has moved.
  private func followingLinks(_ inventory: Inventory, renumbered: Set<StreamName>) async throws -> StreamMapping {
    guard mapping.renames || !renumbered.isEmpty else { return mapping }
    let irregular = inventory.irregular
    var shapes: [StreamName: StreamShape] = [:]
    if !irregular.isEmpty {
      try await reference.forEachBatch(of: irregular) { [selection = reference.selection] events, _ in
        for event in events where irregular.contains(event.stream) && selection.verdict(event) == .take {
          shapes[event.stream, default: StreamShape()].add(event)
        }
      }
    }
    return mapping.following(LinkMapping(inventory, shapes: shapes, renumbered: renumbered))
  }

  private func readReference(
    _ inventory: Inventory, _ mapping: StreamMapping, _ comparisons: inout [StreamName: StreamComparison]
  ) async throws {
    monitor.entered(.reference)
    let selection = reference.selection
    try await reference.forEachBatch(of: selection.scope.named) { events, position in
      for event in events where !selection.judgesEvents || selection.verdict(event) == .take {
        comparisons[event.stream]?.add(mapping.onTarget(event))
      }
      monitor.read(events.count, upTo: position)
    }
  }

  private func locate(
    _ mapping: StreamMapping, _ comparisons: inout [StreamName: StreamComparison], _ tally: inout CompareTally
  ) async throws {
    monitor.entered(.locating)
    let locator = DifferenceLocator(reference: reference, target: target, mapping: mapping, now: now)
    var located = 0
    for stream in comparisons.keys.sorted() {
      guard let comparison = comparisons.removeValue(forKey: stream) else { continue }
      var verdict = comparison.verdict
      if case .suspect(let numbering) = verdict, located < configuration.maximumStreamsLocated {
        located += 1
        do {
          verdict = try await locator.locate(stream, comparison, numbering, monitor)
        } catch Interruption.stopped {
          // That it differs is known already; the others' verdicts are too.
          tally.add(stream, comparison, verdict)
          for (stream, comparison) in comparisons { tally.add(stream, comparison, comparison.verdict) }
          throw Interruption.stopped
        }
      }
      tally.add(stream, comparison, verdict)
    }
  }

  // MARK: Streams that only the target has

  /// Looks for them, unless the run is about some streams only; false when the user may not look.
  private func findExtra(_ inventory: Inventory, _ tally: inout CompareTally) async throws -> Bool {
    guard configuration.streams == nil, reference.claimsAll("any") else { return true }
    monitor.entered(.extra)
    let (reference, mapping, filter) = (reference, mapping, configuration.form.filter)
    var extra = ExtraStreams(
      besides: Set(inventory.streams.keys.map { mapping.onTarget($0) }),
      canBeHeld: { stream in
        // Without patterns also what has a name that no renamed stream gets: nothing else should be there.
        reference.selection.scope.takes(stream) && reference.claimsAll(stream)
          && (filter.takesEverything || mapping.canHold(stream, of: reference.selection))
      })
    let scan = LogScan(reader: target.reader, patience: target.patience, pageSize: configuration.pageSize)
    do {
      try await scan.forEachBatch(until: try await scan.end()) { events, position in
        extra.add(events)
        monitor.read(0, upTo: position)
      }
    } catch let error as EventStoreError where error.code == .accessDenied {
      tally.warn("nobody has looked for streams that only the target has: its $all cannot be read (\(error.message))")
      return false
    }
    tally.lookedForExtra()
    try await confirm(extra.candidates.sorted(), &tally)
    return true
  }

  /// Counts those that can be read: a deleted stream stays in `$all` until the server scavenges.
  private func confirm(_ candidates: [StreamName], _ tally: inout CompareTally) async throws {
    try await withThrowingTaskGroup(of: (StreamName, Bool).self) { group in
      var waiting = candidates.makeIterator()
      var inFlight = 0
      while true {
        while inFlight < configuration.inFlight, let stream = waiting.next() {
          if stop.isStopped { throw Interruption.stopped }
          inFlight += 1
          group.addTask { [target] in (stream, try await target.shows(stream)) }
        }
        guard let (stream, isThere) = try await group.next() else { break }
        inFlight -= 1
        if isThere { tally.extra(stream) }
      }
    }
  }
}
