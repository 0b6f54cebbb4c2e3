package import EventStoreCore
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

  init(configuration: TCPConfiguration) {
    self.configuration = configuration
  }

  /// Connects, identifies and authenticates.
  ///
  /// - Throws: `invalidArgument` for a configuration that makes no sense; `unreachable`, `tlsFailed`, `notAuthenticated`,
  ///   `discoveryFailed` or `timedOut` when no connection could be made within `configuration.firstConnection`.
  package static func connect(
    configuration: TCPConfiguration, resolver: any EndpointResolver, logger: Logger,
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> TCPEventStore {
    try configuration.validate()
    return TCPEventStore(configuration: configuration)
  }

  /// Asks the server for an answer, and waits for it.
  package func ping() async throws {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }

  /// Subscribes to what is written from now on; nil is `$all`.
  ///
  /// Returns when the server has confirmed. A stream need not exist. The subscription is renewed on every new connection.
  /// - Throws: `accessDenied`, and those of the connection.
  package func subscribe(to stream: StreamName?, resolveLinks: Bool) async throws -> VolatileSubscription {
    throw EventStoreError(.clientClosed, "the connection is not made yet")
  }

  /// Closes the connection; requests that wait and later ones fail with `clientClosed`. A second call is harmless.
  package func close() async {
  }
}
