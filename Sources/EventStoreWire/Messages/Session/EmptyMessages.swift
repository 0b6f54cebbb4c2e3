package import NIOCore

/// A message without fields; whatever its payload holds is ignored.
package protocol EmptyMessage: SingleCommandMessage {
  init()
}

extension EmptyMessage {
  package func encode(into buffer: inout ByteBuffer) {}

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self.init()
  }
}

/// Ends the subscription with the same correlation id.
package struct UnsubscribeFromStream: EmptyMessage {
  package static let command = Command.unsubscribeFromStream
  package init() {}
}

/// Asks for a scavenge.
package struct ScavengeDatabase: EmptyMessage {
  package static let command = Command.scavengeDatabase
  package init() {}
}

/// Answers `IdentifyClient`.
package struct ClientIdentified: EmptyMessage {
  package static let command = Command.clientIdentified
  package init() {}
}

/// Asks to make the frame's credentials those of the connection.
package struct Authenticate: EmptyMessage {
  package static let command = Command.authenticate
  package init() {}
}

/// Answers `Authenticate`, when the credentials are good.
package struct Authenticated: EmptyMessage {
  package static let command = Command.authenticated
  package init() {}
}

/// Asks whether the other side lives.
package struct HeartbeatRequest: EmptyMessage {
  package static let command = Command.heartbeatRequest
  package init() {}
}

/// Answers `HeartbeatRequest`, with its correlation id.
package struct HeartbeatResponse: EmptyMessage {
  package static let command = Command.heartbeatResponse
  package init() {}
}
