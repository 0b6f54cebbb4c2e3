import EventStoreCore

/// Follows a stream or `$all`: history by reads, then live by a subscription, each event once and in order.
///
/// The way is: read to the end; subscribe; read on to where the subscription began; from there on deliver what it brings.
/// A lost connection lets the machine read on from the last delivered event to where the renewed subscription begins. A
/// consumer that is too slow for the subscription's buffer goes back to reads alone, so nothing piles up. Without I/O: each
/// method takes what happened and tells what to do.
struct CatchUpStateMachine<Place: CatchUpPlace>: Sendable {
  /// What the subscription said.
  enum Signal: Hashable, Sendable {
    /// Everything that was written after this place will come.
    case confirmed(Confirmation)
    /// Events, in order.
    case events([PlacedEvent<Place>])
    /// Events are missing because the consumer was slow.
    case consumerTooSlow
    /// Events are missing because the connection was lost; a confirmation will follow.
    case connectionLost
  }

  /// Where a subscription began.
  enum Confirmation: Hashable, Sendable {
    /// A page whose next place is greater than this holds everything up to the beginning.
    case at(Place)
    /// The server did not say: only the end of the history will do.
    case unknown
  }

  /// What to do next.
  enum Action: Equatable, Sendable {
    /// Read a page of the history from this place on, and report `pageRead`.
    case read(from: Place)
    /// Subscribe, and report `subscribed`.
    case subscribe
    /// Wait for the subscription, and report `signalReceived`.
    case awaitSignal
    /// End the subscription, and report `unsubscribed`.
    case unsubscribe
    /// Give these to the consumer, who will ask again.
    case deliver(FeedBatch)
    /// The server broke the protocol: the feed has ended for good.
    case fail(String)
    /// Tell the consumer that the feed was closed.
    case end
  }

  private enum State {
    /// Reading, without a subscription.
    case readingHistory
    /// The history was read to its end once.
    case subscribing
    /// Subscribed; where it begins will be told.
    case awaitingConfirmation
    /// Reading up to where the subscription began.
    case closingGap(Confirmation)
    /// Delivering what the subscription brings.
    case live
    /// The consumer was too slow; the subscription is being ended.
    case unsubscribing
    /// Closed by the consumer, or ended for good.
    case closed
  }

  private var state = State.readingHistory
  /// The last event that was delivered, or the one that the consumer had before; nil for none.
  private var delivered: Place?
  /// Where the next page begins.
  private var readFrom: Place

  /// - Parameters:
  ///   - after: the last event that the consumer has; nil for none.
  ///   - start: where a feed without such an event begins.
  init(after: Place?, start: Place) {
    delivered = after
    readFrom = after?.readStart ?? start
  }

  /// The consumer wants the next events.
  func eventsWanted() -> Action {
    switch state {
    case .readingHistory, .closingGap: .read(from: readFrom)
    case .subscribing: .subscribe
    case .awaitingConfirmation, .live: .awaitSignal
    case .unsubscribing: .unsubscribe
    case .closed: .end
    }
  }

  /// A page of the history came.
  mutating func pageRead(_ page: HistoryPage<Place>) -> Action {
    let confirmation: Confirmation?
    switch state {
    case .readingHistory: confirmation = nil
    case .closingGap(let known): confirmation = known
    case .closed: return .end
    case .subscribing, .awaitingConfirmation, .live, .unsubscribing: return outOfStep("a page")
    }
    if !page.isAtEnd, page.next <= readFrom {
      return violation("a page of the history does not lead on")
    }
    let events = newEvents(page.events)
    if !page.isAtEnd { readFrom = page.next }
    if let confirmation {
      guard page.isAtEnd || isPast(confirmation, page.next) else { return eventsFound(events) }
      state = .live
      return .deliver(FeedBatch(events: events, isLive: true))
    }
    if page.isAtEnd { state = .subscribing }
    return eventsFound(events)
  }

  /// The server has been asked to subscribe and agreed.
  mutating func subscribed() -> Action {
    switch state {
    case .subscribing:
      state = .awaitingConfirmation
      return .awaitSignal
    case .closed: return .unsubscribe
    case .readingHistory, .awaitingConfirmation, .closingGap, .live, .unsubscribing:
      return outOfStep("a subscription")
    }
  }

  /// The subscription said something.
  mutating func signalReceived(_ signal: Signal) -> Action {
    switch state {
    case .awaitingConfirmation, .live: break
    case .closed: return .end
    case .readingHistory, .subscribing, .closingGap, .unsubscribing: return outOfStep("a signal")
    }
    switch signal {
    case .confirmed(let confirmation):
      readFrom = max(readFrom, delivered?.readStart ?? readFrom)
      state = .closingGap(confirmation)
      return eventsWanted()
    case .connectionLost:
      state = .awaitingConfirmation
      return .awaitSignal
    case .consumerTooSlow:
      state = .unsubscribing
      return .unsubscribe
    case .events(let events):
      guard case .live = state else { return .awaitSignal }
      let new = newEvents(events)
      return new.isEmpty ? .awaitSignal : .deliver(FeedBatch(events: new, isLive: true))
    }
  }

  /// The subscription was ended because the consumer was too slow for it.
  mutating func unsubscribed() -> Action {
    switch state {
    case .unsubscribing:
      readFrom = max(readFrom, delivered?.readStart ?? readFrom)
      state = .readingHistory
      return eventsWanted()
    case .closed: return .end
    case .readingHistory, .subscribing, .awaitingConfirmation, .closingGap, .live: return outOfStep("an unsubscription")
    }
  }

  /// The consumer wants no more, or what was asked for failed for good.
  mutating func closed() {
    state = .closed
  }

  private func eventsFound(_ events: [ResolvedEvent]) -> Action {
    events.isEmpty ? eventsWanted() : .deliver(FeedBatch(events: events, isLive: false))
  }

  /// The events that were not delivered yet; they count as delivered from now on.
  private mutating func newEvents(_ events: [PlacedEvent<Place>]) -> [ResolvedEvent] {
    var new: [ResolvedEvent] = []
    new.reserveCapacity(events.count)
    for event in events {
      if let delivered, event.place <= delivered { continue }
      delivered = event.place
      new.append(event.event)
    }
    return new
  }

  private func isPast(_ confirmation: Confirmation, _ next: Place) -> Bool {
    switch confirmation {
    case .at(let place): next > place
    case .unknown: false
    }
  }

  private mutating func outOfStep(_ what: String) -> Action {
    violation("\(what) came when none was asked for")
  }

  private mutating func violation(_ message: String) -> Action {
    state = .closed
    return .fail(message)
  }
}
