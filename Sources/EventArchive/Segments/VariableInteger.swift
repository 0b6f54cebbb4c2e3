/// Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the high bit set on all but the last (LEB128).
enum VariableInteger {
  static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// How many bytes a number needs.
  static func byteCount(_ value: UInt64) -> Int {
    max((70 - value.leadingZeroBitCount) / 7, 1)
  }

  /// Writes a number to the beginning of `memory`, and says how many bytes it has.
  static func write(_ value: UInt64, to memory: UnsafeMutableRawBufferPointer) -> Int {
    var rest = value
    var position = 0
    while rest >= 0x80 {
      memory[position] = UInt8(truncatingIfNeeded: rest) | 0x80
      rest >>= 7
      position += 1
    }
    memory[position] = UInt8(truncatingIfNeeded: rest)
    return position + 1
  }

  /// A number of either sign, small ones first: 0, -1, 1, -2, 2 (zigzag).
  static func append(signed value: Int64, to bytes: inout [UInt8]) {
    append(UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
  }
}

/// Reads a binary layout from memory that need not be well formed: every read says nil rather than go beyond the end.
struct BinaryReader {
  private let memory: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ memory: UnsafeRawBufferPointer) {
    self.memory = memory
  }

  var remaining: Int { memory.count - position }

  /// A number of at most 64 bits.
  mutating func unsigned() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < memory.count {
      let byte = memory[position]
      position += 1
      let bits = UInt64(byte & 0x7F)
      guard shift < 63 || bits <= 1 else { return nil }
      value |= bits << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
      guard shift <= 63 else { return nil }
    }
    return nil
  }

  /// A number of at most 64 bits, of either sign.
  mutating func signed() -> Int64? {
    guard let value = unsigned() else { return nil }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// A number from 0 to 2^63-1.
  mutating func natural() -> Int64? {
    unsigned().flatMap { Int64(exactly: $0) }
  }

  /// How many things follow; nil when they could not fit what is left, each having `minimumBytes` or more.
  mutating func count(of minimumBytes: Int) -> Int? {
    guard let count = unsigned(), count <= UInt64(remaining / minimumBytes) else { return nil }
    return Int(count)
  }

  mutating func byte() -> UInt8? {
    guard remaining >= 1 else { return nil }
    position += 1
    return memory[position - 1]
  }

  /// The next `count` bytes.
  mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= remaining else { return nil }
    position += count
    return UnsafeRawBufferPointer(rebasing: memory[position - count..<position])
  }
}
