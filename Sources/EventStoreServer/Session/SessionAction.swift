package import EventStoreWire

/// What a connection has to do about something that happened.
package enum SessionAction: Hashable, Sendable {
  /// Send this frame, after those that were sent before.
  case send(Frame)
  /// Send what is to be sent, and close the connection.
  case close
}
