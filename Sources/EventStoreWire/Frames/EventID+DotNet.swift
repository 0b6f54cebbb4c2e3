package import EventStoreCore
package import NIOCore

// Ids on the wire are in the order of .NET's Guid: the first three fields have their low byte first.

extension EventID {
  /// The id without any bit set: no request may carry it, and no event has it.
  package static let zero = EventID(high: 0, low: 0)

  /// The id with these 16 bytes in .NET order; nil when there are not 16.
  package init?(dotNetBytes bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    let first = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    let second = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    let third = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    self.init(
      high: UInt64(first) << 32 | UInt64(second) << 16 | UInt64(third),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// Stores the 16 bytes in .NET order.
  /// - Parameter memory: at least 16 bytes.
  func storeDotNetBytes(in memory: UnsafeMutableRawPointer) {
    memory.storeBytes(of: UInt32(truncatingIfNeeded: high >> 32).littleEndian, toByteOffset: 0, as: UInt32.self)
    memory.storeBytes(of: UInt16(truncatingIfNeeded: high >> 16).littleEndian, toByteOffset: 4, as: UInt16.self)
    memory.storeBytes(of: UInt16(truncatingIfNeeded: high).littleEndian, toByteOffset: 6, as: UInt16.self)
    memory.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
  }
}

extension ByteBuffer {
  /// Takes an id of 16 bytes in .NET order; nil, and nothing taken, when there are fewer.
  package mutating func readDotNetGUID() -> EventID? {
    readSlice(length: 16)?.withUnsafeReadableBytes { EventID(dotNetBytes: $0) }
  }

  /// Appends an id in .NET order.
  package mutating func writeDotNetGUID(_ id: EventID) {
    writeInteger(UInt32(truncatingIfNeeded: id.high >> 32), endianness: .little)
    writeInteger(UInt16(truncatingIfNeeded: id.high >> 16), endianness: .little)
    writeInteger(UInt16(truncatingIfNeeded: id.high), endianness: .little)
    writeInteger(id.low, endianness: .big)
  }
}
