package import EventStoreCore
import EventStoreWire
import NIOCore

extension TCPEventStore {
  package func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try Self.check(maximumCount: maximumCount)
    let frame = try await page(maximumCount: maximumCount) { count in
      ReadAllEvents(
        direction: direction, position: position, maximumCount: count, resolveLinks: resolveLinks,
        requireLeader: configuration.requiresLeader)
    }
    let answer = try read(ReadAllEventsCompleted.self, from: frame.answer, about: nil)
    try Self.check(answer.result, from: position, words: answer.error, user: user, resolveLinks: resolveLinks)
    pageReceived(frame, count: answer.events.count)
    let page = AllPage(events: answer.events, position: answer.position, nextPosition: answer.nextPosition)
    try PageCheck.check(page, direction, from: position)
    return page
  }

  package func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try Self.check(maximumCount: maximumCount)
    guard !stream.utf8.isEmpty else { throw EventStoreError(.invalidArgument, "a stream's name is not empty") }
    let frame = try await page(maximumCount: maximumCount) { count in
      ReadStreamEvents(
        direction: direction, stream: stream, fromEventNumber: number, maximumCount: count, resolveLinks: resolveLinks,
        requireLeader: configuration.requiresLeader)
    }
    let answer = try read(ReadStreamEventsCompleted.self, from: frame.answer, about: stream)
    let status: StreamPage.Status
    switch answer.result {
    case .success, .notModified: status = .found
    case .noStream: status = .noStream
    case .streamDeleted: status = .deleted
    case .accessDenied:
      throw EventStoreError.readDenied(stream, user: user, resolveLinks: resolveLinks)
    case .error:
      throw EventStoreError(
        .serverError, "the server could not read stream \(stream) from \(number)", stream: stream, cause: answer.error)
    }
    pageReceived(frame, count: answer.events.count)
    let page = StreamPage(
      status: status, events: answer.events, nextEventNumber: answer.nextEventNumber,
      lastEventNumber: answer.lastEventNumber, isEndOfStream: answer.isEndOfStream)
    try PageCheck.check(page, of: stream, direction, from: number)
    return page
  }

  package func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    guard !stream.utf8.isEmpty else { throw EventStoreError(.invalidArgument, "a stream's name is not empty") }
    guard number >= EventNumber.streamEnd else {
      throw EventStoreError(.invalidArgument, "\(number) is no event number", stream: stream)
    }
    let request = ReadEvent(
      stream: stream, eventNumber: number, resolveLinks: resolveLinks, requireLeader: configuration.requiresLeader)
    let frame: Frame
    do {
      frame = try await self.answer(to: request, resend: .always)
    } catch let error as EventStoreError where error.code == .frameTooLarge {
      throw eventTooLarge(stream, error)
    }
    let answer = try read(ReadEventCompleted.self, from: frame, about: stream)
    switch answer.result {
    case .success:
      guard let event = answer.event else {
        throw EventStoreError(.protocolViolation, "the server found an event and did not send it", stream: stream)
      }
      return .found(event)
    case .notFound: return .notFound
    case .noStream: return .noStream
    case .streamDeleted: return .streamDeleted
    case .accessDenied:
      throw EventStoreError.readDenied(stream, user: user, resolveLinks: resolveLinks)
    case .error:
      throw EventStoreError(
        .serverError, "the server could not read event \(number) of stream \(stream)", stream: stream,
        cause: answer.error)
    }
  }

  /// - Throws: why `$all` was not read.
  static func check(
    _ result: ReadAllEventsCompleted.Result, from position: Position, words: String?, user: String?, resolveLinks: Bool
  ) throws(EventStoreError) {
    switch result {
    case .success, .notModified:
      break
    case .accessDenied:
      throw EventStoreError.readDenied(nil, user: user, resolveLinks: resolveLinks)
    case .error:
      throw EventStoreError(
        .serverError, "the server could not read $all from \(position)", position: position,
        hint: "the position may be none at which an event begins", cause: words)
    }
  }

  /// An answer that holds a page, and how many events were asked for.
  struct PageFrame {
    var answer: Frame
    var requested: Int
  }

  /// Asks for a page, and for a smaller one when the answer broke the frame limit.
  func page(maximumCount: Int, _ message: (Int32) -> some WireMessage) async throws -> PageFrame {
    while true {
      let count = pageSizing.withLock { min(maximumCount, $0.currentSize) }
      do {
        let answer = try await answer(to: message(Int32(count)), resend: .always)
        return PageFrame(answer: answer, requested: count)
      } catch let error as EventStoreError where error.code == .frameTooLarge {
        guard pageSizing.withLock({ $0.frameWasTooLarge(requested: count) }) else {
          throw eventTooLarge(nil, error)
        }
      }
    }
  }

  private func eventTooLarge(_ stream: StreamName?, _ error: EventStoreError) -> EventStoreError {
    EventStoreError(
      .frameTooLarge, "one event alone breaks the frame limit of \(configuration.maximumFrameBytes) bytes",
      stream: stream, hint: "raise the limit for frames from the server", cause: error.message)
  }

  /// Lets the size of the next pages depend on this one.
  func pageReceived(_ frame: PageFrame, count: Int) {
    pageSizing.withLock {
      $0.pageReceived(requested: frame.requested, count: count, bytes: frame.answer.payload.readableBytes)
    }
  }

  /// Why there is no page of so many events, in the server's own words where it has some; nil when there is such a page.
  /// - Parameter stream: nil for `$all`.
  /// - Throws: those of the connection, which is asked.
  package func refusal(ofPageOf maximumCount: Int, in stream: StreamName?) async throws -> EventStoreError? {
    do throws(EventStoreError) {
      try Self.check(maximumCount: maximumCount)
      return nil
    } catch {
      guard let count = Int32(exactly: maximumCount) else { return error }
      let words = try await words(aboutPageOf: count, in: stream)
      return EventStoreError(error.code, error.message, stream: stream, cause: words)
    }
  }

  private func words(aboutPageOf count: Int32, in stream: StreamName?) async throws -> String? {
    guard let stream else {
      let request = ReadAllEvents(
        direction: .forward, position: .start, maximumCount: count, resolveLinks: false,
        requireLeader: configuration.requiresLeader)
      let frame = try await answer(to: request, resend: .always)
      let answer = try read(ReadAllEventsCompleted.self, from: frame, about: nil)
      return answer.result == .error ? answer.error : nil
    }
    let request = ReadStreamEvents(
      direction: .forward, stream: stream, fromEventNumber: 0, maximumCount: count, resolveLinks: false,
      requireLeader: configuration.requiresLeader)
    let frame = try await answer(to: request, resend: .always)
    let answer = try read(ReadStreamEventsCompleted.self, from: frame, about: stream)
    return answer.result == .error ? answer.error : nil
  }

  private static func check(maximumCount: Int) throws(EventStoreError) {
    guard (1...PageSizing.largestPage).contains(maximumCount) else {
      throw EventStoreError(
        .invalidArgument, "a page has 1 to \(PageSizing.largestPage) events, not \(maximumCount)")
    }
  }
}
