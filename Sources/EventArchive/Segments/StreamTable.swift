package import EventStoreCore

/// Names of streams, numbered from 0 in the order in which they were first seen.
///
/// A frame has events of a thousand streams, and a segment of hundreds of thousands: so the names stand one after the other in
/// one block of memory, and are found by their bytes, without making a name of each.
package struct StreamTable: Sendable {
  /// Every name, one after the other.
  private var bytes: [UInt8] = []
  /// Where each name ends in `bytes`.
  private var ends: [UInt32] = []
  private var hashes: [UInt32] = []
  /// For each place of a hash the number of a stream, plus 1; 0 where there is none. Never more than half full.
  private var slots: [UInt32] = []

  package init() {}

  /// How many names there are.
  package var count: Int { ends.count }

  /// How many bytes the names have together.
  var nameBytes: Int { bytes.count }

  /// The number of the stream with this name, which is added if it is not there yet.
  @inline(__always)
  mutating func insert(_ name: UnsafeRawBufferPointer) -> (number: Int, isNew: Bool) {
    insert(name, hash: NameHash.hash(name))
  }

  /// As `insert(_:)`, with the name's hash, which another table has told.
  @inline(__always)
  mutating func insert(_ name: UnsafeRawBufferPointer, hash: UInt32) -> (number: Int, isNew: Bool) {
    if 2 * count >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, isName(number, name) { return (number, false) }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(count + 1)
    hashes.append(hash)
    bytes.append(contentsOf: name)
    ends.append(UInt32(bytes.count))
    return (count - 1, true)
  }

  /// The hash of a name.
  func hash(_ number: Int) -> UInt32 { hashes[number] }

  /// The name of a stream.
  package func name(_ number: Int) -> StreamName {
    StreamName(utf8: Array(bytes[range(number)]))
  }

  /// Gives `body` the bytes of all names, and where each ends; the pointers must not leave it.
  func withNames<Result>(_ body: (Names) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in ends.withUnsafeBufferPointer { body(Names(bytes: bytes, ends: $0)) } }
  }

  /// The names in memory.
  struct Names {
    fileprivate let bytes: UnsafeRawBufferPointer
    fileprivate let ends: UnsafeBufferPointer<UInt32>

    /// The bytes of a name.
    @inline(__always)
    subscript(number: Int) -> UnsafeRawBufferPointer {
      let start = number == 0 ? 0 : Int(ends[number - 1])
      return UnsafeRawBufferPointer(rebasing: bytes[start..<Int(ends[number])])
    }
  }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
  }

  @inline(__always)
  private func isName(_ number: Int, _ name: UnsafeRawBufferPointer) -> Bool {
    bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[range(number)]).isSame(as: name) }
  }

  @inline(never)
  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(2 * slots.count, 64))
    let mask = slots.count - 1
    for number in 0..<count {
      var slot = Int(hashes[number]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }
}

extension StreamTable: Equatable {
  /// Whether the same names are there in the same order.
  package static func == (left: StreamTable, right: StreamTable) -> Bool {
    left.ends == right.ends && left.bytes == right.bytes
  }
}
