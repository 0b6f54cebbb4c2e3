/// Memory that a compressor or decompressor fills; freed with its last reference.
///
/// Filled by its one owner, who may fill it again, or share it and never touch it afterwards.
package final class ZstdBuffer: @unchecked Sendable {
  // Unchecked: only this target's code writes to it, while its owner alone has a reference.
  private var memory: UnsafeMutableRawBufferPointer
  /// How many bytes of it are filled.
  package private(set) var count = 0

  package init(capacity: Int) {
    memory = .allocate(byteCount: Swift.max(capacity, 1), alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  /// Gives `body` the filled bytes; the pointer is valid for as long as somebody holds on to the buffer.
  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Without this the buffer may be freed as soon as its pointer was read, when it is a temporary.
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(rebasing: memory.prefix(count)))
  }

  /// What is left to fill.
  var free: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(count))
  }

  var capacity: Int { memory.count }

  /// Counts `count` more bytes as filled.
  func advance(by count: Int) {
    precondition(count >= 0 && count <= memory.count - self.count, "more bytes than the buffer has")
    self.count += count
  }

  /// Forgets what is filled, and makes room for `capacity` bytes.
  func reuse(capacity: Int) {
    count = 0
    guard capacity > memory.count else { return }
    memory.deallocate()
    memory = .allocate(byteCount: capacity, alignment: 16)
  }

  /// Moves the filled bytes into memory of exactly `capacity` bytes, not fewer than are filled.
  func resize(to capacity: Int) {
    precondition(capacity >= count, "a buffer keeps what it holds")
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(capacity, 1), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory.prefix(count)))
    memory.deallocate()
    memory = larger
  }
}
