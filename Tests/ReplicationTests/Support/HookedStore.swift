import EventStoreCore
import EventStoreServer

/// A connection to a log with a test's own code before each call.
struct HookedStore: EventReader, EventWriter {
  /// A call that is about to be made.
  enum Call: Sendable {
    case readAll(ReadDirection, from: Position)
    case readStream(StreamName, from: EventNumber)
    case readEvent(StreamName, number: EventNumber)
    case catchUp(StreamName?)
    case append([ProposedEvent], to: StreamName, ExpectedVersion)
    case delete(StreamName)
  }

  let connection: LogConnection
  let hook: @Sendable (Call) async throws -> Void

  init(_ connection: LogConnection, _ hook: @escaping @Sendable (Call) async throws -> Void) {
    self.connection = connection
    self.hook = hook
  }

  /// Waits until the task is cancelled: a server that takes a request and never answers.
  static func hang() async throws {
    try await Task.sleep(for: .seconds(3600))
  }

  var limits: WriteLimits { get async { await connection.limits } }

  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try await hook(.readAll(direction, from: position))
    return try await connection.readAll(
      direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try await hook(.readStream(stream, from: number))
    return try await connection.readStream(
      stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
  }

  func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    try await hook(.readEvent(stream, number: number))
    return try await connection.readEvent(stream, number: number, resolveLinks: resolveLinks)
  }

  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    try await hook(.catchUp(nil))
    return try await connection.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize)
  }

  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await hook(.catchUp(stream))
    return try await connection.catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize)
  }

  func append(
    _ events: [ProposedEvent], to stream: StreamName, expected: ExpectedVersion
  ) async throws -> AppendResult {
    try await hook(.append(events, to: stream, expected))
    return try await connection.append(events, to: stream, expected: expected)
  }

  func delete(_ stream: StreamName, expected: ExpectedVersion, hard: Bool) async throws {
    try await hook(.delete(stream))
    try await connection.delete(stream, expected: expected, hard: hard)
  }
}
