package import EventStoreCore
package import Logging

/// How an embedded server runs.
package struct ServerConfiguration: Sendable {
  /// The address to listen on; loopback unless it is changed.
  package var host = "127.0.0.1"
  /// The TCP port; 0 for any free one.
  package var tcpPort = 1113
  /// The HTTP port; 0 for any free one.
  package var httpPort = 2113
  /// With these the TCP port takes TLS only; HTTP is never encrypted.
  package var tls: TLSFiles?
  /// How long a client may be silent before it is asked for a sign of life.
  package var heartbeatInterval = Duration.seconds(2)
  /// How long it may take to give one.
  package var heartbeatTimeOut = Duration.seconds(1)
  /// The longest frame that a client may send, in bytes without its length field.
  package var maximumFrameBytes = 64 * 1024 * 1024
  /// How many bytes of live events may wait for a slow client; above it the connection is closed.
  package var maximumPendingBytes = 10 * 1024 * 1024
  /// Where the server reports what it does.
  package var logger: Logger
  /// The clock that dates events.
  package var clock: @Sendable () -> Timestamp = ServerConfiguration.systemClock

  package init(logger: Logger = Logger(label: "eventvault.server", factory: { _ in SwiftLogNoOpLogHandler() })) {
    self.logger = logger
  }

  /// A configuration for tests and for two servers side by side: any free ports.
  package static var freePorts: ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.tcpPort = 0
    configuration.httpPort = 0
    return configuration
  }
}
