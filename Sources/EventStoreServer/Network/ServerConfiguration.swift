package import EventStoreCore
package import Logging

/// How an embedded server runs.
package struct ServerConfiguration: Sendable {
  /// The address to listen on; loopback unless it is changed.
  package var host = "127.0.0.1"
  /// The address that gossip names; the one that is listened on unless it is set, so set it when that is 0.0.0.0.
  package var advertisedHost: String {
    get { chosenAdvertisedHost ?? host }
    set { chosenAdvertisedHost = newValue }
  }
  private var chosenAdvertisedHost: String?
  /// The TCP port; 0 for any free one.
  package var tcpPort = 1113
  /// The HTTP port; 0 for any free one.
  package var httpPort = 2113
  /// With these the TCP port takes TLS only; HTTP is never encrypted.
  package var tls: TLSFiles?
  /// Who may log in; a later user replaces an earlier one of the same name.
  package var users = ServerUser.defaults
  /// How long a client may be silent before it is asked for a sign of life.
  package var heartbeatInterval = Duration.seconds(2)
  /// How long it may take to give one.
  package var heartbeatTimeOut = Duration.seconds(1)
  /// How often groups of persistent subscriptions look for events that were not acknowledged in time, and at checkpoints.
  package var groupInterval = Duration.seconds(1)
  /// Whether reads of, and subscriptions to, `$all` can have filters, as from 20.6 on; 4.1.4 answers them with BadRequest.
  package var knowsFilters = false
  /// The longest frame that a client may send, in bytes without its length field.
  package var maximumFrameBytes = 64 * 1024 * 1024
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

  /// - Throws: `ServerError` `invalidConfiguration` that names the first value that makes no sense.
  func validate() throws(ServerError) {
    let claims: [(Bool, String)] = [
      (!host.isEmpty, "the address to listen on is empty"),
      ((0...65_535).contains(tcpPort), "the TCP port \(tcpPort) is not between 0 and 65535"),
      ((0...65_535).contains(httpPort), "the HTTP port \(httpPort) is not between 0 and 65535"),
      (tcpPort == 0 || tcpPort != httpPort, "TCP and HTTP cannot share the port \(tcpPort)"),
      (heartbeatInterval > .zero, "the heartbeat interval is not positive"),
      (groupInterval > .zero, "the interval of persistent subscriptions is not positive"),
      (heartbeatTimeOut > .zero, "the heartbeat time-out is not positive"),
      ((1...Int(Int32.max)).contains(maximumFrameBytes), "the frame limit is not between 1 byte and 2 GiB"),
    ]
    for (holds, problem) in claims where !holds {
      throw ServerError(.invalidConfiguration, problem)
    }
  }
}
