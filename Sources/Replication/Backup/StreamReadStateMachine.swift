package import EventStoreCore

/// Decides, page by page of one stream, which events are archived, where the next page begins, and when it is enough.
///
/// Gaps in the numbers are data: truncated and scavenged events are not there. An empty page before the end is normal.
package struct StreamReadStateMachine: Sendable {
  /// What one page means.
  package struct Verdict: Hashable, Sendable {
    /// The events to archive, in order.
    package var taken: [RecordedEvent] = []
    /// What comes next.
    package var next: Next
  }

  /// What comes after a page.
  package enum Next: Hashable, Sendable {
    /// Read the page that begins here.
    case read(from: EventNumber)
    /// Everything up to the end is read.
    case end
  }

  private let stream: StreamName
  private let until: EventNumber?

  /// The newest event that was read; nil before the first.
  package private(set) var reached: EventNumber?
  /// Where the next page begins.
  package private(set) var nextNumber: EventNumber

  /// - Parameters:
  ///   - number: The last event that was archived before; nil for none.
  ///   - until: The stream's last event when the run began; nil to read until the stream has no more.
  package init(_ stream: StreamName, after number: EventNumber?, until: EventNumber?) {
    self.stream = stream
    self.until = until
    reached = number
    nextNumber = number.map { $0 + 1 } ?? 0
  }

  /// A page that was asked for at `nextNumber` arrived.
  ///
  /// - Throws: `unexpectedAnswer` for a page that leads back.
  package mutating func pageArrived(_ page: StreamPage) throws(ReplicationError) -> Verdict {
    var verdict = Verdict(next: .end)
    if page.status != .found { return verdict }
    // Taking the events moves `nextNumber` on already.
    let asked = nextNumber
    verdict.taken = try take(page.events)
    if page.isEndOfStream { return verdict }
    guard page.nextEventNumber > asked, page.nextEventNumber >= nextNumber else {
      throw ReplicationError(
        .unexpectedAnswer,
        "the source's page of stream \(stream) at \(asked) leads back to \(page.nextEventNumber)",
        stream: stream)
    }
    if let until, page.nextEventNumber > until { return verdict }
    nextNumber = page.nextEventNumber
    verdict.next = .read(from: nextNumber)
    return verdict
  }

  /// The event at `nextNumber` cannot be read; reading goes on after it.
  package mutating func passedOver() -> Next {
    reached = nextNumber
    nextNumber += nextNumber < .max ? 1 : 0
    if let until, nextNumber > until { return .end }
    return .read(from: nextNumber)
  }

  /// Events came, by a page or by a feed; gives those that are new and not beyond the end, in order.
  ///
  /// - Throws: `unexpectedAnswer` for events of another stream.
  package mutating func take(_ events: [ResolvedEvent]) throws(ReplicationError) -> [RecordedEvent] {
    var taken: [RecordedEvent] = []
    taken.reserveCapacity(events.count)
    for resolved in events {
      guard var event = resolved.received, event.stream == stream else {
        throw ReplicationError(
          .unexpectedAnswer, "the source gave an event of another stream when asked for \(stream)", stream: stream)
      }
      if let reached, event.number <= reached { continue }
      if let until, event.number > until { break }
      event.position = nil
      taken.append(event)
      reached = event.number
    }
    if let reached { nextNumber = max(nextNumber, reached == .max ? .max : reached + 1) }
    return taken
  }
}
