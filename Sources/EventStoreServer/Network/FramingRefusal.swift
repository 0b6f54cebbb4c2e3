import EventStoreCore
import EventStoreWire
import NIOCore

/// What a server says before it closes a connection whose bytes are no frames: as EventStore 4.1.4, without its stack traces.
struct FramingRefusal: Equatable {
  /// The text of the BadRequest.
  let text: String

  /// - Parameter maximumFrameBytes: the limit that the text names.
  init(_ error: WireError, maximumFrameBytes: Int) {
    switch error.code {
    case .frameTooShort:
      text = "Received bad network package. Error: ArraySegment too short, length: \(error.length ?? 0)"
    case .badFrameLength, .frameTooLarge:
      let length = error.length ?? 0
      text =
        "Invalid TCP frame received. Error: Package size is out of bounds: \(length) (max: \(maximumFrameBytes)).."
    default:
      text = "Received bad network package. Error: \(error.message)"
    }
  }

  /// The BadRequest, with the all-zero correlation id.
  var frame: Frame {
    Frame(command: .badRequest, correlationID: .zero, payload: ByteBuffer(string: text))
  }
}
