import EventStoreCore

/// Carries out what a catch-up machine decides, at the pace of one consumer.
actor CatchUpFeed<Source: CatchUpSource>: EventFeed {
  private typealias Machine = CatchUpStateMachine<Source.Place>

  private let source: Source
  private var machine: Machine
  private var subscription: (any SignalSource)?
  private var failure: EventStoreError?
  private var isWaiting = false

  /// - Parameters:
  ///   - after: the last event that the consumer has; nil for none.
  ///   - start: where a feed without such an event begins.
  init(_ source: Source, after: Source.Place?, start: Source.Place) {
    self.source = source
    machine = CatchUpStateMachine(after: after, start: start)
  }

  func next() async throws -> FeedBatch? {
    guard !isWaiting else {
      throw EventStoreError(.invalidArgument, "a feed has one consumer, and one call of it at a time")
    }
    isWaiting = true
    defer { isWaiting = false }
    if let failure { throw failure }
    do {
      var action = machine.eventsWanted()
      while true {
        if case .deliver(let batch) = action { return batch }
        guard let next = try await carryOut(action) else { return nil }
        action = next
      }
    } catch let error as EventStoreError {
      // What fails because the feed was closed is no failure.
      if machine.eventsWanted() == .end { return nil }
      throw await fail(error)
    }
  }

  func close() async {
    machine.closed()
    await unsubscribe()
  }

  /// Does what the machine decided, and tells it what happened; nil when the feed was closed.
  private func carryOut(_ action: Machine.Action) async throws -> Machine.Action? {
    switch action {
    case .read(let place):
      let page = try await source.readHistory(from: place)
      return machine.pageRead(page)
    case .subscribe:
      let subscription = try await source.subscribe()
      self.subscription = subscription
      return machine.subscribed()
    case .awaitSignal:
      guard let signal = try await subscription?.next() else { return nil }
      return try signalReceived(signal)
    case .unsubscribe:
      await unsubscribe()
      return machine.unsubscribed()
    case .fail(let message):
      throw EventStoreError(.protocolViolation, message, stream: source.stream)
    case .end, .deliver:
      return nil
    }
  }

  private func signalReceived(_ signal: SubscriptionSignal) throws -> Machine.Action {
    switch signal {
    case .confirmed(let start): return machine.signalReceived(.confirmed(source.confirmation(start)))
    case .gap(.consumerTooSlow): return machine.signalReceived(.consumerTooSlow)
    case .gap(.connectionLost): return machine.signalReceived(.connectionLost)
    case .events(let events): return try eventsReceived(events)
    }
  }

  /// A tombstone ends a stream: reads give no more of it, and no more will come.
  private func eventsReceived(_ events: [ResolvedEvent]) throws -> Machine.Action {
    guard let stream = source.stream, let tombstone = events.firstIndex(where: \.isTombstone) else {
      return machine.signalReceived(.events(try source.placed(events)))
    }
    let action = machine.signalReceived(.events(try source.placed(events[..<tombstone])))
    let error = EventStoreError(.streamDeleted, "stream \(stream) is deleted", stream: stream)
    guard case .deliver = action else { throw error }
    failure = error
    return action
  }

  /// Remembers the failure, for every later call.
  private func fail(_ error: EventStoreError) async -> EventStoreError {
    failure = error
    machine.closed()
    await unsubscribe()
    return error
  }

  private func unsubscribe() async {
    guard let subscription else { return }
    self.subscription = nil
    await subscription.close()
  }
}

extension ResolvedEvent {
  /// Whether this is the end of a hard-deleted stream, delivered by a subscription to it.
  fileprivate var isTombstone: Bool {
    link == nil && event?.type == .tombstone && event?.number == .deleted
  }
}
