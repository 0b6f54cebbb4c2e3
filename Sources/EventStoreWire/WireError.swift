package import EventStoreCore

/// Why bytes from the other side mean nothing, or a frame cannot be sent.
package struct WireError: Error, Hashable, Sendable {
  /// The kinds of failure.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// The frame's length is zero or negative: this is not the protocol, or the stream of bytes is out of step.
    case badFrameLength
    /// The frame is larger than the limit.
    case frameTooLarge
    /// The frame is too short to hold command, flags and correlation id.
    case frameTooShort
    /// The login or the password does not end inside the frame.
    case badAuthenticationBlock
    /// The login or the password takes more than 255 bytes, or is empty where the protocol needs one.
    case badCredentials
    /// The payload is not a protobuf message of this type, or takes too much memory.
    case unparsable
    /// The payload was asked for as a message of another command.
    case unexpectedCommand
    /// An event without a usable id: absent, not 16 bytes, or all zero.
    case badEventID
    /// An event to be written without a type.
    case emptyEventType
    /// A number stands for none of the values that a field may have.
    case unknownValue
  }

  /// The kind of failure.
  package var code: Code
  /// What is wrong: one sentence, lower case, without a full stop.
  package var message: String
  /// The length that the frame claims to have, where it is about that; the 32 bits read as a signed number.
  package var length: Int?
  /// With `frameTooLarge`: the correlation id of the frame, where it was read.
  package var correlationID: EventID?

  package init(_ code: Code, _ message: String, length: Int? = nil, correlationID: EventID? = nil) {
    self.code = code
    self.message = message
    self.length = length
    self.correlationID = correlationID
  }
}

extension WireError: CustomStringConvertible {
  package var description: String { message }
}
