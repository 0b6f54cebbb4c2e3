package import EventStoreCore

/// One who is connected to a group: a subscription on a connection.
package struct ConsumerID: Hashable, Sendable {
  /// The connection, as the server counts them.
  package let connection: Int
  /// The correlation id of the request that connected it.
  package let correlationID: EventID

  package init(connection: Int, correlationID: EventID) {
    self.connection = connection
    self.correlationID = correlationID
  }
}
