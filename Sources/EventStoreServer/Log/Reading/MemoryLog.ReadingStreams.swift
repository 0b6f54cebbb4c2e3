import EventStoreCore

/// Reads of streams and of single events.
extension MemoryLog {
  /// The largest page.
  static let maximumPageCount = 4096

  /// Reads one page of a stream.
  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool,
    by principal: Principal?, at now: Timestamp
  ) -> ReadAnswer<StreamPage> {
    let outcome = outcomeOfReading(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks, by: principal, at: now)
    return ReadAnswer(outcome: outcome, lastCommitPosition: store.lastCommitPosition)
  }

  private func outcomeOfReading(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool,
    by principal: Principal?, at now: Timestamp
  ) -> ReadOutcome<StreamPage> {
    guard maximumCount <= Self.maximumPageCount else { return .failed(ReadFailure.pageTooLarge) }
    guard allows(.read, to: stream, by: principal) else { return .accessDenied }
    if direction == .forward, number < 0 { return .failed(ReadFailure.negativeNumber) }
    guard maximumCount > 0 else { return .failed(ReadFailure.noPositiveCount) }

    let view = streams.view(stream)
    if view.isDeleted { return .found(.none(.deleted, last: view.lastNumber)) }
    guard !view.isMissing, let index = view.index else { return .found(.none(.noStream, last: view.lastNumber)) }
    let oldest = oldestReadable(view.metadata, at: now)
    let rule = direction == .forward ? StreamWindow.forward : StreamWindow.backward
    let window = rule(number, Int64(maximumCount), view.lastNumber, view.metadata) { number in
      record(number, of: index).map { $0.created >= oldest } ?? false
    }
    var events: [ResolvedEvent] = []
    events.reserveCapacity(window.numbers.count)
    for number in window.numbers {
      guard let record = record(number, of: index) else { continue }
      guard let event = resolve(record, links: resolveLinks, for: .client(principal), at: now) else {
        return .accessDenied
      }
      events.append(event)
    }
    return .found(
      StreamPage(
        status: .found, events: events, nextEventNumber: window.next, lastEventNumber: view.lastNumber,
        isEndOfStream: window.isEnd))
  }

  /// Reads one event; -1 is the last one, whether it can still be read or not.
  func readEvent(
    _ stream: StreamName, number: EventNumber, resolveLinks: Bool, by principal: Principal?, at now: Timestamp
  ) -> ReadOutcome<EventLookup> {
    guard allows(.read, to: stream, by: principal) else { return .accessDenied }
    switch find(number, in: stream, at: now) {
    case .record(let record):
      let event = resolve(record, links: resolveLinks, for: .client(principal), at: now)
      return event.map { .found(.found($0)) } ?? .accessDenied
    case .notFound: return .found(.notFound)
    case .noStream: return .found(.noStream)
    case .streamDeleted: return .found(.streamDeleted)
    }
  }

  /// Who a link is resolved for.
  enum Reader {
    /// A client that reads: what it may not read, it may not read through a link either.
    case client(Principal?)
    /// A live subscription: its rights were looked at when it began.
    case subscription
  }

  /// An event as a read gives it, links resolved one level deep; nil when the reader may not read a link's target.
  func resolve(
    _ record: StoredRecord, links: Bool, for reader: Reader, at now: Timestamp, withPosition: Bool = false
  ) -> ResolvedEvent? {
    let event = recorded(record, withPosition: withPosition)
    let position = withPosition ? record.position : nil
    guard links, event.isLink else { return ResolvedEvent(event: event, position: position) }
    guard let target = LinkTarget(event.data) else { return ResolvedEvent(event: nil, link: event, position: position) }
    if case .client(let principal) = reader, !allows(.read, to: target.stream, by: principal) { return nil }
    guard case .record(let found) = find(target.number, in: target.stream, at: now) else {
      return ResolvedEvent(event: nil, link: event, position: position)
    }
    return ResolvedEvent(event: recorded(found), link: event, position: position)
  }

  private enum Lookup {
    case record(StoredRecord)
    case notFound, noStream, streamDeleted
  }

  private func find(_ number: EventNumber, in stream: StreamName, at now: Timestamp) -> Lookup {
    let view = streams.view(stream)
    if view.isDeleted { return .streamDeleted }
    guard !view.isMissing, let index = view.index else { return .noStream }
    let number = number == .streamEnd ? view.lastNumber : number
    guard number >= StreamWindow.firstReadable(last: view.lastNumber, metadata: view.metadata),
      let record = record(number, of: index), record.created >= oldestReadable(view.metadata, at: now)
    else { return .notFound }
    return .record(record)
  }

  /// The moment before which events have expired.
  private func oldestReadable(_ metadata: StreamMetadata, at now: Timestamp) -> Timestamp {
    guard let age = metadata.maximumAge else { return Timestamp(ticks: .min) }
    let (ticks, isTooLarge) = age.components.seconds.multipliedReportingOverflow(by: Timestamp.ticksPerSecond)
    let (oldest, isBeforeAllTime) = now.ticks.subtractingReportingOverflow(ticks)
    return Timestamp(ticks: isTooLarge || isBeforeAllTime ? .min : oldest)
  }
}

/// What the server says to a question that makes no sense.
enum ReadFailure {
  static let pageTooLarge = "Read size too big, should be less than 4096 items"
  static let negativeNumber = "fromEventNumber should be non negative.\nParameter name: fromEventNumber"
  static let noPositiveCount = "maxCount should be positive.\nParameter name: maxCount"
  static let invalidPosition = "Invalid position."

  static func noRecord(at position: Int64) -> String {
    "No log record begins at position \(position)."
  }

  static func beyondEnd(_ position: Int64, end: Int64) -> String {
    "Requested position \(position) is greater than writer checkpoint \(end) "
      + "when requesting to read previous record from TF."
  }
}

extension StreamPage {
  /// A page of a stream that is not there.
  fileprivate static func none(_ status: Status, last: EventNumber) -> StreamPage {
    StreamPage(status: status, events: [], nextEventNumber: -1, lastEventNumber: last, isEndOfStream: true)
  }
}
