/// Memory that a compressor or decompressor filled; freed with its last reference.
///
/// Written only before it is handed out, so it may be shared freely afterwards.
package final class ZstdBuffer: @unchecked Sendable {
  // Unchecked: only this target's code writes to it, before anybody else has a reference.
  private var memory: UnsafeMutableRawBufferPointer
  /// How many bytes of it are filled.
  package private(set) var count = 0

  init(capacity: Int) {
    memory = .allocate(byteCount: Swift.max(capacity, 1), alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  /// The filled bytes; valid as long as the buffer lives.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory.prefix(count))
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

  /// Moves the filled bytes into memory of exactly `capacity` bytes, not fewer than are filled.
  func resize(to capacity: Int) {
    precondition(capacity >= count, "a buffer keeps what it holds")
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(capacity, 1), alignment: 16)
    larger.copyMemory(from: bytes)
    memory.deallocate()
    memory = larger
  }
}
