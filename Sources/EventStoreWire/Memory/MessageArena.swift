internal import CEventStoreProtos

/// The memory of one message in its C form: handed out from blocks, and freed all at once.
///
/// libprotobuf-c unpacks into it, and the payloads of decoded events are slices of it, so it lives as long as the last of
/// them. Messages to be packed are built in it. Used by one task at a time until it is only read.
final class MessageArena {
  private let blocks: UnsafeMutablePointer<BlockChain>

  /// - Parameters:
  ///   - expectedBytes: how much the message will need, as a guess; reserved when first used.
  ///   - budgetBytes: how much it may need at most.
  init(expectedBytes: Int, budgetBytes: Int) {
    blocks = .allocate(capacity: 1)
    blocks.initialize(to: BlockChain(nextBlockBytes: expectedBytes, budgetBytes: budgetBytes))
  }

  deinit {
    blocks.pointee.free()
    blocks.deinitialize(count: 1)
    blocks.deallocate()
  }

  /// How many bytes have been reserved from the system.
  var reservedBytes: Int { blocks.pointee.reservedBytes }

  /// Memory of this size, aligned to 16 bytes, not initialised; nil beyond the budget.
  func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
    blocks.pointee.allocate(byteCount)
  }

  /// Gives `body` an allocator over this memory, for libprotobuf-c.
  func withAllocator<Result>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> Result) -> Result {
    var allocator = ProtobufCAllocator(
      alloc: { blocks, byteCount in
        blocks?.assumingMemoryBound(to: BlockChain.self).pointee.allocate(byteCount)
      },
      free: { _, _ in },
      allocator_data: blocks)
    return withExtendedLifetime(self) { body(&allocator) }
  }
}

/// A row of blocks, of which only the last has room.
private struct BlockChain {
  private var starts: [UnsafeMutableRawPointer] = []
  private var cursor: UnsafeMutableRawPointer?
  private var remaining = 0
  private var nextBlockBytes: Int
  private let budgetBytes: Int
  private(set) var reservedBytes = 0

  init(nextBlockBytes: Int, budgetBytes: Int) {
    self.nextBlockBytes = max(256, nextBlockBytes)
    self.budgetBytes = budgetBytes
  }

  mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let (padded, overflow) = byteCount.addingReportingOverflow(15)
    guard !overflow, byteCount >= 0 else { return nil }
    let needed = max(16, padded & ~15)
    if needed > remaining {
      guard addBlock(atLeast: needed) else { return nil }
    }
    let memory = cursor
    cursor = memory?.advanced(by: needed)
    remaining -= needed
    return memory
  }

  /// A large request leaves the rest of the block before it unused: at most what that block held.
  private mutating func addBlock(atLeast needed: Int) -> Bool {
    let size = min(max(needed, nextBlockBytes), max(needed, budgetBytes - reservedBytes))
    guard size <= budgetBytes - reservedBytes else { return false }
    let start = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    starts.append(start)
    cursor = start
    remaining = size
    reservedBytes += size
    nextBlockBytes = max(4096, reservedBytes / 2)
    return true
  }

  func free() {
    for start in starts { start.deallocate() }
  }
}
