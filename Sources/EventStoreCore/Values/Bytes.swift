#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Immutable bytes that share their memory with whoever owns it.
///
/// A payload is a slice of the batch it was decoded with: copying a `Bytes` copies a reference, never the bytes. The memory
/// lives as long as any slice of it, so keep long-lived values small by `detached()`. Indices run from 0 to `count`.
public struct Bytes: @unchecked Sendable {
  // Unchecked: the memory is never written after a `Bytes` has been made of it, and `owner` keeps it alive.
  private let owner: AnyObject?
  private let memory: UnsafeRawBufferPointer

  /// No bytes.
  public init() {
    owner = nil
    memory = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// A copy of `source`.
  public init(_ source: some Collection<UInt8>) {
    let block = MemoryBlock(byteCount: source.count)
    let isCopied: Void? = source.withContiguousStorageIfAvailable {
      block.memory.copyMemory(from: UnsafeRawBufferPointer($0))
    }
    // Byte by byte, which takes a hundred times as long.
    if isCopied == nil { _ = block.memory.initializeMemory(as: UInt8.self, from: source) }
    self.init(owner: block, memory: UnsafeRawBufferPointer(block.memory))
  }

  /// The UTF-8 of `text`.
  public init(_ text: String) {
    self.init(text.utf8)
  }

  /// Shares `memory`, which must stay valid and unchanged for as long as `owner` lives.
  package init(owner: AnyObject, memory: UnsafeRawBufferPointer) {
    self.owner = memory.isEmpty ? nil : owner
    self.memory = memory.isEmpty ? UnsafeRawBufferPointer(start: nil, count: 0) : memory
  }

  /// Gives `body` the bytes; the pointer must not leave it.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(memory)
  }

  /// The bytes in `range`, sharing this value's memory.
  public func slice(_ range: Range<Int>) -> Bytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice outside the bytes")
    guard let owner, !range.isEmpty else { return Bytes() }
    return Bytes(owner: owner, memory: UnsafeRawBufferPointer(rebasing: memory[range]))
  }

  /// A copy that keeps nothing else alive.
  public func detached() -> Bytes {
    Bytes(self)
  }
}

extension Bytes: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { memory.count }
  public var count: Int { memory.count }

  public subscript(position: Int) -> UInt8 {
    withExtendedLifetime(owner) { memory[position] }
  }

  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    defer { withExtendedLifetime(owner) {} }
    return try memory.withMemoryRebound(to: UInt8.self, body)
  }
}

extension Bytes: Hashable {
  public static func == (left: Bytes, right: Bytes) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { left.isSame(as: $0) } }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

extension Bytes: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) {
    self.init(value)
  }
}

extension Bytes: CustomStringConvertible {
  /// The bytes as text where they are UTF-8, with U+FFFD where they are not.
  public var description: String {
    String(decoding: self, as: UTF8.self)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the memory holds the same bytes.
  package func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
    return start == otherStart || memcmp(start, otherStart, count) == 0
  }
}

/// Memory that is freed with its last reference.
private final class MemoryBlock {
  let memory: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    memory = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }
}
