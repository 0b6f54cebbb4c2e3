package import EventStoreCore
import EventStoreWire
package import CoreMetrics
package import Logging
package import NIOCore
import NIOPosix

/// An event store behind the TCP protocol: one connection that is mended when it breaks.
///
/// Calls may run concurrently; requests of all of them share the connection and are matched by correlation id. Every wait
/// is bounded by the configuration. Call `close()` when done.
package final class TCPEventStore: Sendable {
  /// What was configured.
  package let configuration: TCPConfiguration
  let connection: EventStoreConnection
  let pageSizing: Locked<PageSizing>

  private init(configuration: TCPConfiguration, connection: EventStoreConnection) {
    self.configuration = configuration
    self.connection = connection
    pageSizing = Locked(
      PageSizing(initialSize: configuration.initialPageSize, maximumFrameBytes: configuration.maximumFrameBytes))
  }

  deinit {
    Task { [connection] in await connection.close() }
  }

  /// Connects, identifies and authenticates.
  ///
  /// - Parameter metrics: where requests, errors, reconnects, bytes and requests in flight are counted.
  /// - Throws: `invalidArgument` for a configuration that makes no sense; `unreachable`, `tlsFailed`, `notAuthenticated`,
  ///   `discoveryFailed` or `timedOut` when no connection could be made within `configuration.firstConnection`.
  package static func connect(
    configuration: TCPConfiguration, resolver: any EndpointResolver, logger: Logger,
    metrics: any MetricsFactory = MetricsSystem.factory,
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> TCPEventStore {
    try configuration.validate()
    var logger = logger
    logger[metadataKey: "connection"] = "\(configuration.connectionName)"
    let connection = try EventStoreConnection(
      configuration: configuration, resolver: resolver, logger: logger,
      metrics: ConnectionMetrics(connectionName: configuration.connectionName, factory: metrics),
      eventLoop: eventLoopGroup.next())
    let store = TCPEventStore(configuration: configuration, connection: connection)
    do {
      try await withTaskCancellationHandler {
        try await connection.connect()
      } onCancel: {
        Task { await connection.close() }
      }
      try Task.checkCancellation()
    } catch {
      await connection.close()
      try Task.checkCancellation()
      throw error
    }
    return store
  }

  /// Asks the server for an answer, and waits for it.
  package func ping() async throws {
    let frame = try await answer(to: Ping(), resend: .always)
    _ = try read(Pong.self, from: frame, about: nil)
  }

  /// Subscribes to what is written from now on; nil is `$all`.
  ///
  /// Returns when the server has confirmed. A stream need not exist. The subscription is renewed on every new connection.
  /// - Throws: `accessDenied`, and those of the connection.
  package func subscribe(to stream: StreamName?, resolveLinks: Bool) async throws -> VolatileSubscription {
    if let stream, stream.utf8.isEmpty { throw EventStoreError(.invalidArgument, "a stream's name is not empty") }
    return try await subscribe(
      by: SubscribeToStream(stream: stream ?? StreamName(utf8: []), resolveLinks: resolveLinks), to: stream)
  }

  /// Subscribes by a message of some kind.
  func subscribe(by message: some WireMessage, to stream: StreamName?) async throws -> VolatileSubscription {
    let request = try request(for: message, resend: .always)
    let inbox = SubscriptionInbox(
      SubscriptionBuffer(
        maximumEvents: configuration.subscriptionBufferEvents, maximumBytes: configuration.subscriptionBufferBytes))
    try await connection.subscribe(request, to: stream, inbox: inbox)
    return VolatileSubscription(id: request.id, inbox: inbox, connection: connection)
  }

  /// Closes the connection; requests that wait and later ones fail with `clientClosed`. A second call is harmless.
  package func close() async {
    await connection.close()
  }
}
