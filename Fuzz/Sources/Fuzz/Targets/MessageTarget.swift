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
      guard let frame = try? decoder.decode(buffer: &buffer), types[frame.command] != nil else { return nil }
      return [frame.command.rawValue] + frame.payload.readableBytesView
    }
      + types.keys.map { [$0.rawValue] }
  }

  static func run(_ input: [UInt8]) {
    guard let first = input.first, let type = types[Command(rawValue: first)] else { return }
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

  private static let types: [Command: any WireMessage.Type] = Dictionary(
    uniqueKeysWithValues: all.flatMap { type in type.commands.map { ($0, type) } })

  private static let all: [any WireMessage.Type] = [
    HeartbeatRequest.self, HeartbeatResponse.self, Ping.self, Pong.self, IdentifyClient.self, ClientIdentified.self,
    Authenticate.self, Authenticated.self, NotAuthenticated.self, BadRequest.self, NotHandled.self,
    ScavengeDatabase.self, ScavengeDatabaseCompleted.self,
    WriteEvents.self, WriteEventsCompleted.self, DeleteStream.self, DeleteStreamCompleted.self,
    TransactionStart.self, TransactionStartCompleted.self, TransactionWrite.self, TransactionWriteCompleted.self,
    TransactionCommit.self, TransactionCommitCompleted.self,
    ReadEvent.self, ReadEventCompleted.self, ReadStreamEvents.self, ReadStreamEventsCompleted.self,
    ReadAllEvents.self, ReadAllEventsCompleted.self,
    FilteredReadAllEvents.self, FilteredReadAllEventsCompleted.self,
    SubscribeToStream.self, FilteredSubscribeToStream.self, SubscriptionConfirmation.self, StreamEventAppeared.self,
    UnsubscribeFromStream.self, SubscriptionDropped.self, CheckpointReached.self,
    CreatePersistentSubscription.self, CreatePersistentSubscriptionCompleted.self,
    UpdatePersistentSubscription.self, UpdatePersistentSubscriptionCompleted.self,
    DeletePersistentSubscription.self, DeletePersistentSubscriptionCompleted.self,
    ConnectToPersistentSubscription.self, PersistentSubscriptionConfirmation.self,
    PersistentSubscriptionStreamEventAppeared.self, PersistentSubscriptionAckEvents.self,
    PersistentSubscriptionNakEvents.self,
  ]
}
