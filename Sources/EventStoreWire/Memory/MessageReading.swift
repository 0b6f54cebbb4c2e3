internal import CEventStoreProtos
internal import EventStoreCore
internal import NIOCore

/// What turns the C form of one message into values: owns the memory, and remembers the names it has seen.
struct MessageReading {
  let arena: MessageArena
  private var streams = NameInterner<StreamName>()
  private var types = NameInterner<EventType>()

  init(arena: MessageArena) {
    self.arena = arena
  }

  /// Unpacks `payload` by the generated function `unpack` and gives the C form to `body`.
  ///
  /// A message may take four times its size and 64 MiB more; real pages take a third more than their size.
  /// - Throws: `unparsable`, and what `body` throws.
  static func decode<Message, Value>(
    _ payload: ByteBuffer,
    _ unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) -> UnsafeMutablePointer<Message>?,
    _ body: (Message, inout MessageReading) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let size = payload.readableBytes
    let arena = MessageArena(expectedBytes: size + size / 2 + 512, budgetBytes: size * 4 + 64 << 20)
    let message = payload.withUnsafeReadableBytes { bytes in
      arena.withAllocator { unpack($0, bytes.count, bytes.assumingMemoryBound(to: UInt8.self).baseAddress) }
    }
    guard let message else { throw WireError(.unparsable, "the payload cannot be parsed") }
    var reading = MessageReading(arena: arena)
    defer { withExtendedLifetime(arena) {} }
    return try body(message.pointee, &reading)
  }

  /// A slice of the message's memory.
  func bytes(_ field: ProtobufCBinaryData) -> Bytes {
    Bytes(owner: arena, memory: field.memory)
  }

  /// Text for people; U+FFFD stands where it is not UTF-8.
  func text(_ field: ProtobufCBinaryData) -> String {
    String(decoding: field.memory, as: UTF8.self)
  }

  /// Text for people; nil when the field is absent.
  func text(_ field: ProtobufCBinaryData, ifPresent isPresent: protobuf_c_boolean) -> String? {
    isPresent == 0 ? nil : text(field)
  }

  mutating func streamName(_ field: ProtobufCBinaryData) -> StreamName {
    streams.name(field.memory)
  }

  mutating func eventType(_ field: ProtobufCBinaryData) -> EventType {
    types.name(field.memory)
  }

  /// The value that a number of an enumeration stands for.
  /// - Throws: `unknownValue`.
  func value<Value: RawRepresentable<UInt32>>(
    _ number: some RawRepresentable<UInt32>, _ name: String
  ) throws(WireError) -> Value {
    guard let value = Value(rawValue: number.rawValue) else {
      throw WireError(.unknownValue, "\(number.rawValue) is no known \(name)")
    }
    return value
  }
}

extension ProtobufCBinaryData {
  /// The field's bytes, in the message's memory.
  var memory: UnsafeRawBufferPointer {
    len == 0 ? UnsafeRawBufferPointer(start: nil, count: 0) : UnsafeRawBufferPointer(start: data, count: len)
  }
}
