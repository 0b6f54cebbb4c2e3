import EventStoreCore
import EventStoreWire
import NIOCore

extension TCPEventStore {
  /// The name of the user, for messages.
  var user: String? { configuration.credentials?.login }

  /// Sends a message, and gives the frame that answers it.
  func answer(to message: some WireMessage, resend: Request.Resend) async throws -> Frame {
    try await connection.answer(to: request(for: message, resend: resend))
  }

  /// Encodes a message under a new correlation id.
  /// - Throws: `eventTooLarge` when no server would take the frame.
  func request(for message: some WireMessage, resend: Request.Resend) throws(EventStoreError) -> Request {
    let id = EventID()
    var bytes = ByteBuffer()
    do {
      try FrameEncoder().encode(message, correlationID: id, into: &bytes)
    } catch {
      switch error.code {
      case .frameTooLarge:
        throw EventStoreError(
          .eventTooLarge, "\(message.command) would be a frame of \(error.length ?? 0) bytes, and servers take 64 MiB",
          hint: "append fewer events at a time", cause: error.message)
      case .badFrameLength, .frameTooShort, .badAuthenticationBlock, .badCredentials, .unparsable, .unexpectedCommand,
        .badEventID, .emptyEventType, .unknownValue:
        throw EventStoreError(.invalidArgument, "\(message.command) cannot be encoded", cause: error.message)
      }
    }
    return Request(id: id, bytes: bytes, resend: resend)
  }

  /// Reads the message that the answer should carry.
  /// - Throws: `badRequest` and `notAuthenticated` when the server says so, `protocolViolation` for anything unexpected.
  func read<Message: WireMessage>(
    _ type: Message.Type, from frame: Frame, about stream: StreamName?
  ) throws(EventStoreError) -> Message {
    var error: EventStoreError
    switch frame.command {
    case .badRequest:
      error = .badRequest(String(buffer: frame.payload))
    case .notAuthenticated:
      error = .notAuthenticated(String(buffer: frame.payload))
    default:
      do {
        return try Message(frame)
      } catch let wireError {
        error = .protocolViolation("the server's answer cannot be read", wireError)
      }
    }
    error.stream = stream
    throw error
  }
}
