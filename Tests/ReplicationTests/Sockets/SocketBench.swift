import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Logging
import Testing

/// Logs that two nodes have in common, and clients of servers over real sockets.
enum SocketBench {
  /// Appends the events of a range to a log: the same ids, times and positions in whatever log, so that two nodes can have them.
  static func fill(_ log: EventLog, _ range: Range<Int>) {
    for number in range {
      let event = Samples.event("event \(number)", id: EventID(high: 1, low: UInt64(number)))
      log.write([event], to: StreamName("s-\(number % 5)"), at: Timestamp(ticks: 17_000_000_000_000_000))
    }
  }

  /// A server on free ports, or on this TCP port, that holds the events of a range.
  static func server(_ range: Range<Int>, port: Int = 0) async throws -> EmbeddedServer {
    var configuration = ServerConfiguration.freePorts
    configuration.tcpPort = port
    configuration.heartbeatTimeOut = .seconds(120)
    let server = try await EmbeddedServer.start(configuration)
    fill(server.log, range)
    return server
  }

  /// A client that gives up quickly, so that the run's own patience is what counts.
  static func connect(
    to port: Int, requestTimeout: Duration = .seconds(60), maximumFrameBytes: Int = 128 << 20
  ) async throws -> TCPEventStore {
    var configuration = TCPConfiguration(
      connectionName: "test", credentials: Credentials(login: "admin", password: "changeit"))
    let briefly = EventStoreTCP.RetryPolicy(
      maximumAttempts: 2, firstDelay: .milliseconds(1), maximumDelay: .milliseconds(2))
    configuration.connectTimeout = .seconds(60)
    configuration.requestTimeout = requestTimeout
    configuration.heartbeatTimeout = .seconds(120)
    configuration.reconnection = briefly
    configuration.requestRetries = briefly
    configuration.authentication = EventStoreTCP.RetryPolicy(maximumAttempts: 20, firstDelay: .milliseconds(1))
    configuration.initialPageSize = 7
    configuration.maximumFrameBytes = maximumFrameBytes
    return try await TCPEventStore.connect(
      configuration: configuration, resolver: FixedEndpoint(Endpoint(host: "127.0.0.1", port: port)),
      logger: Samples.quiet)
  }
}

/// A reader with a test's own code after each call.
struct ObservedReader: EventReader {
  let base: any EventReader
  /// Called with nil when a call succeeded, with its error otherwise.
  let observe: @Sendable (EventStoreError?) async throws -> Void

  private func observing<Success>(_ call: () async throws -> Success) async throws -> Success {
    do {
      let success = try await call()
      try await observe(nil)
      return success
    } catch let error as EventStoreError {
      try await observe(error)
      throw error
    }
  }

  func readAll(
    _ direction: ReadDirection, from position: Position, maximumCount: Int, resolveLinks: Bool
  ) async throws -> AllPage {
    try await observing {
      try await base.readAll(direction, from: position, maximumCount: maximumCount, resolveLinks: resolveLinks)
    }
  }

  func readStream(
    _ stream: StreamName, _ direction: ReadDirection, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) async throws -> StreamPage {
    try await observing {
      try await base.readStream(
        stream, direction, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks)
    }
  }

  func readEvent(_ stream: StreamName, number: EventNumber, resolveLinks: Bool) async throws -> EventLookup {
    try await observing { try await base.readEvent(stream, number: number, resolveLinks: resolveLinks) }
  }

  func catchUpAll(after position: Position, resolveLinks: Bool, pageSize: Int) async throws -> any EventFeed {
    try await observing {
      try await base.catchUpAll(after: position, resolveLinks: resolveLinks, pageSize: pageSize)
    }
  }

  func catchUp(
    _ stream: StreamName, after number: EventNumber?, resolveLinks: Bool, pageSize: Int
  ) async throws -> any EventFeed {
    try await observing {
      try await base.catchUp(stream, after: number, resolveLinks: resolveLinks, pageSize: pageSize)
    }
  }
}

/// Counts calls by their outcome.
final class CallCounts: Sendable {
  private let counts = Locked((successes: 0, failures: 0))

  var failures: Int { counts.withLock { $0.failures } }

  /// Takes in a call; how many of its kind there were.
  func count(_ error: EventStoreError?) -> Int {
    counts.withLock { counts in
      if error == nil {
        counts.successes += 1
        return counts.successes
      }
      counts.failures += 1
      return counts.failures
    }
  }
}
