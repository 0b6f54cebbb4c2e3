package import EventStoreCore
internal import EventStoreTCP
public import Logging

/// A client of one event store.
///
/// Calls may run concurrently and share one connection, which is mended when it breaks. Every wait is bounded. Use
/// `withEventStoreClient`, or call `close()` when done.
///
/// A program that bootstraps swift-metrics sees the counters `eventstore_client_requests`, `_errors`, `_reconnects`,
/// `_received_bytes` and `_sent_bytes`, and the meter `eventstore_client_in_flight`, with the connection's name as the dimension
/// `connection`.
public final class EventStoreClient: Sendable {
  /// Where it is connected to; prints without the password.
  public let connectionString: ConnectionString
  let tcp: TCPEventStore

  private init(connectionString: ConnectionString, store: TCPEventStore) {
    self.connectionString = connectionString
    self.tcp = store
  }

  /// Connects to an event store; `close()` it when done.
  ///
  /// ```swift
  /// let client = try await EventStoreClient.connect("tcp://admin:changeit@localhost:1113", connectionName: "shop")
  /// try await client.ping()
  /// await client.close()
  /// ```
  /// - Parameters:
  ///   - connectionString: as `ConnectionString` describes.
  ///   - connectionName: what the server shows for this connection, unless the connection string says it.
  ///   - choosingNode: chooses a node of a cluster, in place of the connection string's preference; only with `discover://`.
  /// - Throws: `invalidConnectionString`, `invalidArgument`; `unreachable`, `discoveryFailed`, `tlsFailed`, `notAuthenticated` or `timedOut`.
  public static func connect(
    _ connectionString: String, connectionName: String = "eventstore-client",
    choosingNode: NodeChoice? = nil, logger: Logger = Logger(label: "eventstore-client")
  ) async throws -> EventStoreClient {
    try await connect(
      ConnectionString(connectionString), connectionName: connectionName, choosingNode: choosingNode, logger: logger)
  }

  /// As `connect(_:connectionName:choosingNode:logger:)`, with a connection string that was read before.
  public static func connect(
    _ connectionString: ConnectionString, connectionName: String = "eventstore-client",
    choosingNode: NodeChoice? = nil, logger: Logger = Logger(label: "eventstore-client")
  ) async throws -> EventStoreClient {
    var settings = connectionString.settings
    if choosingNode != nil, case .node(let endpoint) = settings.target {
      throw EventStoreError(
        .invalidArgument, "there is no node to choose: the connection string names one, \(endpoint)",
        hint: "discover a cluster by discover://, or leave out choosingNode")
    }
    // Who chooses the node means that node.
    if choosingNode != nil { settings.requiresLeader = settings.requiresLeader ?? false }
    var logger = logger
    logger[metadataKey: "connection"] = "\(settings.connectionName ?? connectionName)"
    let store = try await TCPEventStore.connect(
      configuration: settings.configuration(defaultConnectionName: connectionName),
      resolver: settings.resolver(choosingNode: choosingNode, logger: logger), logger: logger)
    return EventStoreClient(connectionString: connectionString, store: store)
  }

  /// Reads and writes of this event store, for whoever works with any source or target.
  package var connection: any EventReader & EventWriter { tcp }

  /// Asks the server for an answer, and waits for it.
  ///
  /// ```swift
  /// try await client.ping()
  /// ```
  /// - Throws: the errors of the connection, such as `timedOut`, `unreachable` and `clientClosed`.
  public func ping() async throws {
    try await tcp.ping()
  }

  /// Closes the connection; requests that wait and later ones fail with `clientClosed`. A second call is harmless.
  public func close() async {
    await tcp.close()
  }
}

/// Connects, gives `body` the client, and closes it however `body` ends.
///
/// ```swift
/// try await withEventStoreClient("discover://admin:changeit@node1:2113,node2:2113") { client in
///   try await client.publishEvent(to: "ponies", type: "PonyJumped", body: ["height": 10])
/// }
/// ```
/// - Throws: as `EventStoreClient.connect`, and what `body` throws.
public func withEventStoreClient<Result>(
  _ connectionString: String, connectionName: String = "eventstore-client", choosingNode: NodeChoice? = nil,
  logger: Logger = Logger(label: "eventstore-client"), _ body: (EventStoreClient) async throws -> Result
) async throws -> Result {
  let client = try await EventStoreClient.connect(
    connectionString, connectionName: connectionName, choosingNode: choosingNode, logger: logger)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close()
    throw error
  }
}
