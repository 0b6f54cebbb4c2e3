package import EventStoreCore
package import NIOCore

/// A message of the TCP protocol, as client and server both use it.
///
/// Decoding takes a missing field as its default; encoding sets the fields that a 4.1.4 server sets.
package protocol WireMessage: Hashable, Sendable {
  /// The commands that carry this message: one, or one for each direction of a read.
  static var commands: [Command] { get }

  /// The command that carries this one.
  var command: Command { get }

  /// Appends the payload to `buffer`.
  func encode(into buffer: inout ByteBuffer)

  /// Reads the payload of a frame with one of `commands`.
  /// - Throws: `unparsable`, `unknownValue`, `badEventID`, `emptyEventType`.
  init(decoding payload: ByteBuffer, command: Command) throws(WireError)
}

extension WireMessage {
  /// Reads the frame's payload.
  /// - Throws: `unexpectedCommand` when the frame carries another message, and as `init(decoding:command:)`.
  package init(_ frame: Frame) throws(WireError) {
    guard Self.commands.contains(frame.command) else {
      throw WireError(.unexpectedCommand, "\(frame.command) does not carry a \(Self.self)")
    }
    try self.init(decoding: frame.payload, command: frame.command)
  }

  /// The frame that carries the message.
  package func frame(correlationID: EventID, credentials: Credentials? = nil) -> Frame {
    var payload = ByteBuffer()
    encode(into: &payload)
    return Frame(command: command, correlationID: correlationID, credentials: credentials, payload: payload)
  }
}

/// A message that only one command carries.
package protocol SingleCommandMessage: WireMessage {
  /// The command that carries it.
  static var command: Command { get }

  /// Reads the payload.
  /// - Throws: as `WireMessage.init(decoding:command:)`.
  init(decoding payload: ByteBuffer) throws(WireError)
}

extension SingleCommandMessage {
  package static var commands: [Command] { [command] }

  package var command: Command { Self.command }

  package init(decoding payload: ByteBuffer, command: Command) throws(WireError) {
    try self.init(decoding: payload)
  }
}
