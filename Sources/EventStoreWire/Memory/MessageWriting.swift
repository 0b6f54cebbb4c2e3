internal import CEventStoreProtos
internal import EventStoreCore
internal import NIOCore

/// What builds the C form of one message, for libprotobuf-c to pack.
///
/// Names and ids are copied into the arena; payloads are not, so the values they belong to must live until the message is
/// packed: `encode` takes care of it.
struct MessageWriting {
  private let arena: MessageArena

  /// Builds the message that `body` gives, and appends its bytes to `buffer`.
  /// - Parameter source: the value that owns the payloads.
  static func encode<Source, Message>(
    _ source: Source, into buffer: inout ByteBuffer,
    _ body: (MessageWriting) -> UnsafeMutablePointer<Message>
  ) {
    let writing = MessageWriting(arena: MessageArena(expectedBytes: 1024, budgetBytes: .max))
    withExtendedLifetime((source, writing.arena)) {
      let message = UnsafeRawPointer(body(writing)).assumingMemoryBound(to: ProtobufCMessage.self)
      let size = protobuf_c_message_get_packed_size(message)
      // The size is exact, so packing writes this many bytes and no more.
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { memory in
        size == 0 ? 0 : protobuf_c_message_pack(message, memory.assumingMemoryBound(to: UInt8.self).baseAddress)
      }
    }
  }

  /// A message without any field set.
  /// - Parameter initialize: the generated function.
  func make<Message>(_ initialize: (UnsafeMutablePointer<Message>?) -> Void) -> UnsafeMutablePointer<Message> {
    let message = array(of: Message.self, count: 1)
    initialize(message)
    return message
  }

  /// Pointers to `count` messages, which `element` makes.
  func repeated<Elements: Collection, Message>(
    _ elements: Elements, _ element: (Elements.Element) -> UnsafeMutablePointer<Message>
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?>? {
    let pointers = array(of: UnsafeMutablePointer<Message>?.self, count: elements.count)
    for (offset, value) in elements.enumerated() {
      (pointers + offset).initialize(to: element(value))
    }
    return pointers
  }

  /// A row of byte fields, which `element` makes.
  func repeated<Elements: Collection>(
    _ elements: Elements, _ element: (Elements.Element) -> ProtobufCBinaryData
  ) -> UnsafeMutablePointer<ProtobufCBinaryData> {
    let fields = array(of: ProtobufCBinaryData.self, count: elements.count)
    for (offset, value) in elements.enumerated() {
      (fields + offset).initialize(to: element(value))
    }
    return fields
  }

  /// A copy of these bytes.
  func copy(_ bytes: some Collection<UInt8>) -> ProtobufCBinaryData {
    let count = bytes.count
    let memory = array(of: UInt8.self, count: count)
    _ = UnsafeMutableBufferPointer(start: memory, count: count).initialize(fromContentsOf: bytes)
    return ProtobufCBinaryData(len: count, data: memory)
  }

  /// The bytes themselves: their owner keeps them where they are.
  func reference(_ bytes: Bytes) -> ProtobufCBinaryData {
    bytes.withUnsafeBytes { memory in
      let start = memory.assumingMemoryBound(to: UInt8.self).baseAddress
      return ProtobufCBinaryData(len: memory.count, data: UnsafeMutablePointer(mutating: start))
    }
  }

  /// The id in .NET order.
  func copy(_ id: EventID) -> ProtobufCBinaryData {
    let memory = array(of: UInt8.self, count: 16)
    id.storeDotNetBytes(in: memory)
    return ProtobufCBinaryData(len: 16, data: memory)
  }

  private func array<Element>(of type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
    guard let memory = arena.allocate(byteCount: count * MemoryLayout<Element>.stride) else {
      preconditionFailure("an arena without a budget ran out")
    }
    return memory.bindMemory(to: type, capacity: count)
  }
}
