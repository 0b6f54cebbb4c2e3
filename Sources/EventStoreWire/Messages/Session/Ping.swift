package import NIOCore

/// Asks for a `Pong` with the same payload.
package struct Ping: SingleCommandMessage {
  package static let command = Command.ping

  /// Any bytes.
  package var payload: ByteBuffer

  package init(payload: ByteBuffer = ByteBuffer()) {
    self.payload = payload
  }

  package func encode(into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(payload)
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self.init(payload: payload)
  }
}

/// Answers `Ping`, with its payload.
package struct Pong: SingleCommandMessage {
  package static let command = Command.pong

  /// The ping's bytes.
  package var payload: ByteBuffer

  package init(payload: ByteBuffer = ByteBuffer()) {
    self.payload = payload
  }

  package func encode(into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(payload)
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self.init(payload: payload)
  }
}
