package import EventStoreCore

/// Everything that can be chosen about a connection by TCP; the defaults suit a server of the same data centre.
package struct TCPConfiguration: Sendable {
  /// The name that the server and the logs show.
  package var connectionName: String
  /// The user; nil stays anonymous.
  package var credentials: Credentials?
  /// TLS; nil talks in the clear.
  package var security: TransportSecurity?
  /// Whether only the leader may answer; otherwise any node does, and a follower's answer can be a little old.
  package var requiresLeader = true

  /// The longest wait for the TCP connection and its TLS, and again for the server to know us.
  package var connectTimeout: Duration = .seconds(5)
  /// The longest wait for the answer to a request that was sent.
  package var requestTimeout: Duration = .seconds(10)
  /// After this much silence of the server it is asked for a sign of life.
  package var heartbeatInterval: Duration = .seconds(2)
  /// The longest wait for that sign; then the connection is given up.
  package var heartbeatTimeout: Duration = .seconds(5)

  /// How often the first connection is tried.
  package var firstConnection = RetryPolicy(maximumAttempts: 3)
  /// How often a lost connection is tried again; then every request that waits fails.
  package var reconnection = RetryPolicy(maximumAttempts: 10)
  /// How often a request is sent again that the server was not ready for, or that a lost connection left unanswered.
  package var requestRetries = RetryPolicy(maximumAttempts: 10)
  /// How often a login is tried while connecting: a server that starts refuses valid ones for a while.
  package var authentication = RetryPolicy(maximumAttempts: 4)
  /// How many nodes in a row may send us to another as the leader; then the resolver is asked again.
  package var maximumRedirects = 3

  /// How many requests may be unanswered at once; others wait.
  package var maximumRequestsInFlight = 1024
  /// How many requests may wait to be sent; one more fails with `notReady`.
  package var maximumWaitingRequests = 16_384
  /// The largest frame taken from the server, in bytes without the length prefix.
  package var maximumFrameBytes = 128 << 20
  /// How many events the first page asks for at most; the size of the events then says how many (1 to 4095).
  package var initialPageSize = 500
  /// How many events a volatile subscription holds for a slow consumer; then it reports a gap.
  package var subscriptionBufferEvents = 4096
  /// How many bytes a volatile subscription holds for a slow consumer; then it reports a gap.
  package var subscriptionBufferBytes = 16 << 20

  package init(
    connectionName: String = "eventvault", credentials: Credentials? = nil, security: TransportSecurity? = nil
  ) {
    self.connectionName = connectionName
    self.credentials = credentials
    self.security = security
  }
}
