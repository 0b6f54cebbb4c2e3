import EventStoreCore

/// The memory that the payloads of one append share: they are copied once, and keep nothing of their frame alive.
final class PayloadBlock {
  private let memory: UnsafeMutableRawBufferPointer
  private var used = 0

  private init(byteCount: Int) {
    memory = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  /// The same events with payloads of their own.
  static func copy(_ events: [ProposedEvent]) -> [ProposedEvent] {
    let byteCount = events.reduce(0) { $0 + $1.data.count + $1.metadata.count }
    guard byteCount > 0 else { return events }
    let block = PayloadBlock(byteCount: byteCount)
    return events.map { event in
      var event = event
      event.data = block.copy(event.data)
      event.metadata = block.copy(event.metadata)
      return event
    }
  }

  private func copy(_ bytes: Bytes) -> Bytes {
    let slice = UnsafeMutableRawBufferPointer(rebasing: memory[used..<used + bytes.count])
    bytes.withUnsafeBytes { slice.copyMemory(from: $0) }
    used += bytes.count
    return Bytes(owner: self, memory: UnsafeRawBufferPointer(slice))
  }
}
