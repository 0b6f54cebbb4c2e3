internal import EventStoreCore
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Gives the names of one message as values, the same array for the same bytes.
///
/// A page has many events and few names. The table is bounded, so that no message can make looking up slow.
struct NameInterner<Name: ByteName> {
  private static var slotCount: Int { 1024 }
  private static var maximumProbes: Int { 8 }

  private var last: Name?
  private var slots: [Name?] = []

  /// The name with these bytes.
  mutating func name(_ bytes: UnsafeRawBufferPointer) -> Name {
    if let last, last.hasBytes(bytes) { return last }
    if let last, slots.isEmpty {
      slots = Array(repeating: nil, count: Self.slotCount)
      _ = last.utf8.withUnsafeBytes { lookUp($0, orRemember: last) }
    }
    let name = slots.isEmpty ? Name(utf8: Array(bytes)) : lookUp(bytes, orRemember: nil)
    last = name
    return name
  }

  /// The known name with these bytes; else `new`, or a new name, remembered where there is room.
  private mutating func lookUp(_ bytes: UnsafeRawBufferPointer, orRemember new: Name?) -> Name {
    var slot = Self.hash(bytes)
    for _ in 0..<Self.maximumProbes {
      slot &= Self.slotCount - 1
      guard let known = slots[slot] else {
        let name = new ?? Name(utf8: Array(bytes))
        slots[slot] = name
        return name
      }
      if known.hasBytes(bytes) { return known }
      slot += 1
    }
    return new ?? Name(utf8: Array(bytes))
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
    var hash = UInt64(truncatingIfNeeded: bytes.count)
    var offset = 0
    while offset + 8 <= bytes.count {
      hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    while offset < bytes.count {
      hash = mix(hash ^ UInt64(bytes[offset]))
      offset += 1
    }
    return Int(truncatingIfNeeded: hash >> 32)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }
}

extension ByteName {
  fileprivate func hasBytes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    utf8.withUnsafeBytes { own in
      guard own.count == bytes.count else { return false }
      guard let left = own.baseAddress, let right = bytes.baseAddress else { return true }
      return memcmp(left, right, own.count) == 0
    }
  }
}
