package import EventStoreCore
import EventStoreWire

extension TCPEventStore: EventWriter {
  /// The largest event that a server takes over TCP (docs/PROTOCOL.md, "Limits").
  package static let maximumEventBytes = 16_767_216
  /// The largest append: a frame of 64 MiB, less what frame and fields take.
  package static let maximumAppendBytes = (64 << 20) - (1 << 20)
  /// The most events in one append; servers have no limit, so this only bounds how long one takes.
  package static let maximumAppendEvents = 4096

  package var limits: WriteLimits {
    get async {
      WriteLimits(
        maximumEventBytes: Self.maximumEventBytes, maximumAppendBytes: Self.maximumAppendBytes,
        maximumAppendEvents: Self.maximumAppendEvents)
    }
  }

  package func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try Self.checkWrite(to: stream, expected)
    try Self.check(events, stream)
    let frame = try await self.answer(
      to: WriteEvents(
        stream: stream, expectedVersion: expected.wireValue, events: events,
        requireLeader: configuration.requiresLeader),
      resend: expected.resend)
    let answer = try read(WriteEventsCompleted.self, from: frame, about: stream)
    let refusal = EventStoreError.refusal(
      answer.result, to: "append to", stream, expected: expected, currentVersion: answer.currentVersion, user: user,
      words: answer.message)
    if let refusal { throw refusal }
    return AppendResult(
      firstEventNumber: answer.firstEventNumber, lastEventNumber: answer.lastEventNumber,
      position: answer.position.commit >= 0 ? answer.position : nil)
  }

  package func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    try Self.checkWrite(to: stream, expected)
    guard expected != .streamExists else {
      throw EventStoreError(.invalidArgument, "a delete cannot expect that the stream exists", stream: stream)
    }
    let frame = try await self.answer(
      to: DeleteStream(
        stream: stream, expectedVersion: expected.wireValue, requireLeader: configuration.requiresLeader,
        hardDelete: hard),
      resend: .never)
    let answer = try read(DeleteStreamCompleted.self, from: frame, about: stream)
    let refusal = EventStoreError.refusal(
      answer.result, to: "delete", stream, expected: expected, currentVersion: answer.currentVersion, user: user,
      words: answer.message)
    if let refusal { throw refusal }
  }

  /// - Throws: `invalidArgument`. One write to a stream named `$$` ends a 4.1.4 server (docs/PROTOCOL.md, "Limits").
  private static func checkWrite(to stream: StreamName, _ expected: ExpectedVersion) throws(EventStoreError) {
    guard !stream.utf8.isEmpty else { throw EventStoreError(.invalidArgument, "a stream's name is not empty") }
    guard stream != "$$" else {
      throw EventStoreError(
        .invalidArgument, "no stream can be named $$: writing to it ends some servers", stream: stream)
    }
    if case .exactly(let number) = expected, number < 0 {
      throw EventStoreError(.invalidArgument, "\(number) is no event number to expect", stream: stream)
    }
  }

  private static func check(_ events: [ProposedEvent], _ stream: StreamName) throws(EventStoreError) {
    for event in events {
      guard !event.type.utf8.isEmpty else {
        throw EventStoreError(.invalidArgument, "event \(event.id) has no type", stream: stream)
      }
      guard event.weightInBytes <= maximumEventBytes else {
        throw EventStoreError(
          .eventTooLarge,
          "event \(event.id) weighs \(event.weightInBytes) bytes, and servers take \(maximumEventBytes)", stream: stream
        )
      }
    }
  }
}

extension ExpectedVersion {
  /// A server recognises a repeat when it is told exactly where it belongs; else it could be written twice.
  fileprivate var resend: Request.Resend {
    switch self {
    case .noStream, .exactly: .always
    case .any, .streamExists: .never
    }
  }
}
