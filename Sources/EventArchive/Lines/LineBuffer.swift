package import EventStoreCore

/// Memory that lines are written into: one block, which doubles when it is full.
///
/// Written by one owner; `share()` hands the bytes over without copying them, after which nothing more may be written.
package final class LineBuffer {
  /// The first byte; changes when the buffer grows.
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  /// How many bytes are written.
  package internal(set) var count = 0

  package init(capacity: Int = 64 << 10) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit {
    base.deallocate()
  }

  /// Gives `body` the bytes written so far; the pointer is valid until the next change.
  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Without this the buffer may be freed as soon as its pointer was read, when it is a temporary.
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Moves what follows the first `count` bytes to the front, and forgets those.
  func removeFirst(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "a buffer is cut where it has bytes")
    base.update(from: base + count, count: self.count - count)
    self.count -= count
  }

  /// A copy of the bytes written so far.
  package func copy() -> Bytes {
    withUnsafeBytes { Bytes($0) }
  }

  /// The bytes written so far, sharing the memory: the buffer must not be changed any more.
  func share() -> Bytes {
    withUnsafeBytes { Bytes(owner: self, memory: $0) }
  }

  /// Forgets what was written, and keeps the memory.
  package func removeAll() {
    count = 0
  }

  /// Forgets the bytes from `count` on.
  func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "a buffer is cut where it has bytes")
    self.count = count
  }

  /// Makes room for `extra` more bytes.
  @inline(__always)
  func reserve(_ extra: Int) {
    if capacity - count < extra { grow(by: extra) }
  }

  @inline(never)
  private func grow(by extra: Int) {
    let larger = max(capacity * 2, count + extra)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  @inline(__always)
  func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress else { return }
    reserve(source.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: source.count)
    count += source.count
  }

  @inline(__always)
  func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }
}
