import EventStoreCore

/// A place in `$all` whose event cannot be read, because it breaks the frame limit or its bytes make no sense: finds where
/// reading can go on.
///
/// Nobody knows where the event ends, and `$all` can be read only from where an event begins. So the log is read backward
/// from its end, and what comes is dropped, until the event is met from behind.
struct UnreadablePlace: Sendable {
  /// What comes after the place.
  enum Sequel: Equatable {
    /// The first event after it that can be read.
    case event(Position)
    /// Nothing that can be read.
    case nothing
    /// Everything: seen from behind there is nothing that cannot be read.
    case everything
  }

  let source: any EventReader
  let patience: Patience
  let pageSize: Int

  /// What comes after the event at `place`, or right after it.
  ///
  /// - Throws: `stalled`, `Interruption.stopped`, and the source's errors.
  func sequel(of place: Position) async throws -> Sequel {
    var first: Position?
    var position = Position.end
    var count = pageSize
    while true {
      do {
        let page = try await read(before: position, count)
        for event in page.events {
          guard let found = event.position, found >= place else { return .everything }
          first = found
        }
        if page.nextPosition == position || page.events.isEmpty { return .everything }
        position = page.nextPosition
        count = min(count * 2, pageSize)
      } catch let error as EventStoreError where error.isAboutWhatIsRead {
        if count == 1 { return first.map { .event($0) } ?? .nothing }
        count = 1
      }
    }
  }

  private func read(before position: Position, _ count: Int) async throws -> AllPage {
    try await patience("looking for events that can be read") { [source] in
      try await source.readAll(.backward, from: position, maximumCount: count, resolveLinks: false)
    }
  }
}

extension EventStoreError {
  /// Whether it is the events asked for that cannot be read, so that others may be.
  var isAboutWhatIsRead: Bool { code == .frameTooLarge || code == .protocolViolation }
}
