package import EventStoreCore

/// The log of an embedded server, shared by its connections: safe from every thread, and never blocked for long.
///
/// Whoever follows it registers an observer, and reads on from where it was: the log keeps no queue for anybody. Event ids and
/// stream names are taken as given; `WriteLimits` and what a name may be are for those who ask.
package final class EventLog: Sendable {
  private let log = Locked(MemoryLog())
  private let observers = Locked(Observers())
  private let clock: @Sendable () -> Timestamp

  /// An empty log.
  /// - Parameter clock: what dates the events.
  package init(clock: @escaping @Sendable () -> Timestamp = ServerConfiguration.systemClock) {
    self.clock = clock
  }

  /// Appends events to a stream, all or none.
  package func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion, by principal: Principal?,
    at moment: Timestamp? = nil
  ) -> WriteOutcome {
    change { log, now in
      log.append(events, to: stream, expected: expected, by: principal, at: moment ?? now, serverID: EventID())
    }
  }

  /// Deletes a stream, softly or for ever.
  package func delete(
    _ stream: StreamName, expected: ExpectedVersion, hard: Bool, by principal: Principal?, at moment: Timestamp? = nil
  ) -> WriteOutcome {
    change { log, now in
      log.delete(stream, expected: expected, hard: hard, by: principal, at: moment ?? now, serverID: EventID())
    }
  }

  /// Begins an explicit transaction; its id, nil when the user may not write to the stream.
  package func startTransaction(
    on stream: StreamName, expected: ExpectedVersion, by principal: Principal?
  ) -> Int64? {
    change { log, _ in log.startTransaction(on: stream, expected: expected, by: principal) }
  }

  /// Prepares events in a transaction; an unknown one is not noticed before its commit.
  package func writeTransaction(_ id: Int64, _ events: [ProposedEvent]) {
    change { log, now in log.writeTransaction(id, events, at: now) }
  }

  /// Commits a transaction; a second commit is a repeat.
  package func commitTransaction(_ id: Int64, by principal: Principal?) -> WriteOutcome {
    change { log, now in log.commitTransaction(id, by: principal, at: now, serverID: EventID()) }
  }

  /// Reads one event; -1 is the last one.
  package func readEvent(
    _ stream: StreamName, number: EventNumber, resolveLinks: Bool, by principal: Principal?
  ) -> ReadOutcome<EventLookup> {
    let now = clock()
    return log.withLock { log in
      log.readEvent(stream, number: number, resolveLinks: resolveLinks, by: principal, at: now)
    }
  }

  /// Reads one page of a stream, at most 4096 events.
  package func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool,
    by principal: Principal?
  ) -> ReadAnswer<StreamPage> {
    let now = clock()
    return log.withLock { log in
      log.readStream(
        stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks, by: principal, at: now)
    }
  }

  /// Reads one page of `$all`, at most 4096 events.
  package func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool,
    by principal: Principal?
  ) -> AllReadAnswer {
    let now = clock()
    return log.withLock { log in
      log.readAll(
        direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks, by: principal, at: now)
    }
  }

  /// The moment, by the clock that dates the events.
  package var now: Timestamp { clock() }

  /// Whether `principal`, nil for an anonymous client, has a right to a stream.
  func allows(_ right: AccessRight, to stream: StreamName, by principal: Principal?) -> Bool {
    log.withLock { $0.allows(right, to: stream, by: principal) }
  }

  /// Where the newest committed record begins; -1 before there is one.
  package var lastCommitPosition: Int64 { log.withLock { $0.store.lastCommitPosition } }

  /// Where the next record will be written.
  package var writerCheckpoint: Int64 { log.withLock { $0.store.end } }

  /// How many events there are.
  package var eventCount: Int { log.withLock { $0.store.records.count } }

  /// Begins a live subscription to a stream, to `$all` where it is `""`; nil when the user may not read it.
  package func subscribe(_ stream: StreamName, by principal: Principal?) -> SubscriptionStart? {
    log.withLock { $0.subscribe(stream, by: principal) }
  }

  /// The events from a place on that are in `stream`, all events where it is `""`, and the place to go on from.
  ///
  /// - Parameters:
  ///   - place: how many events had been written at the place to begin from.
  ///   - maximumCount: how many events to give at most.
  package func liveEvents(
    from place: Int, in stream: StreamName, resolveLinks: Bool, maximumCount: Int
  ) -> LiveEvents {
    let now = clock()
    return log.withLock { log in
      log.liveEvents(from: place, in: stream, resolveLinks: resolveLinks, maximumCount: maximumCount, at: now)
    }
  }

  /// Calls `observer` after each change that wrote events, on the thread that wrote; it must be quick.
  ///
  /// Ends with `stopObserving`; one more call can already be under way then.
  package func observe(_ observer: @escaping @Sendable () -> Void) -> Observation {
    observers.withLock { $0.add(observer) }
  }

  /// Ends an observation; a second call is harmless.
  package func stopObserving(_ observation: Observation) {
    observers.withLock { $0.entries[observation.id] = nil }
  }

  /// Stands for an observer.
  package struct Observation: Hashable, Sendable {
    fileprivate let id: Int
  }

  private struct Observers {
    var entries: [Int: @Sendable () -> Void] = [:]
    private var nextID = 0

    mutating func add(_ observer: @escaping @Sendable () -> Void) -> Observation {
      nextID += 1
      entries[nextID] = observer
      return Observation(id: nextID)
    }
  }

  /// Changes the log, then tells the observers when there are new events.
  private func change<Outcome: Sendable>(_ body: (inout MemoryLog, Timestamp) -> Outcome) -> Outcome {
    let now = clock()
    let (outcome, hasNewEvents) = log.withLock { log in
      let count = log.store.records.count
      let outcome = body(&log, now)
      return (outcome, log.store.records.count > count)
    }
    if hasNewEvents {
      for observer in observers.withLock({ Array($0.entries.values) }) { observer() }
    }
    return outcome
  }
}
