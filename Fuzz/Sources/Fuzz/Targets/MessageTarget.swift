import NIOCore

@testable import EventStoreWire

/// The payload of a frame: a message that can be encoded, and is then the same, or a `WireError`.
///
/// The first byte is the frame's command.
enum MessageTarget: FuzzTarget {
  static let name = "messages"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    samples.frames.compactMap { bytes -> [UInt8]? in
      var buffer = ByteBuffer(bytes: bytes)
      var decoder = FrameDecoder()
      guard let frame = try? decoder.decode(buffer: &buffer), MessageCatalog.byCommand[frame.command] != nil else {
        return nil
      }
      return [frame.command.rawValue] + frame.payload.readableBytesView
    }
      + MessageCatalog.byCommand.keys.map { [$0.rawValue] }
  }

  static func run(_ input: [UInt8]) {
    guard let first = input.first, let type = MessageCatalog.byCommand[Command(rawValue: first)] else { return }
    check(type, Command(rawValue: first), ByteBuffer(bytes: input.dropFirst()))
  }

  private static func check<Message: WireMessage>(_ type: Message.Type, _ command: Command, _ payload: ByteBuffer) {
    let message: Message
    do {
      message = try Message(decoding: payload, command: command)
    } catch {
      let codes: [WireError.Code] = [.unparsable, .unknownValue, .badEventID, .emptyEventType]
      return claim(codes.contains(error.code), "decoding failed with \(error.code.rawValue)")
    }
    claim(message.command == command, "the message is one of another command")
    var encoded = ByteBuffer()
    message.encode(into: &encoded)
    let again = mustNotThrow("what was encoded cannot be decoded") {
      try Message(decoding: encoded, command: command)
    }
    claim(again == message, "the message is another one after it was encoded")
    claim(again.hashValue == message.hashValue, "equal messages have different hashes")
    var twice = ByteBuffer()
    again.encode(into: &twice)
    claim(twice == encoded, "equal messages are encoded differently")
    // What comes from a server ends in messages for people. To print large ones takes too long.
    if payload.readableBytes < 256 { claim(!"\(message)".isEmpty, "a message prints as nothing") }
  }
}
