import Crypto
import EventStoreCore

/// A rolling hash over what makes events the same: id, type, content type, data and metadata, in order.
///
/// Numbers, positions and dates are not in it.
struct EventDigest: Hashable, Sendable {
  /// How many events are in it.
  private(set) var events = 0
  private var state = SIMD4<UInt64>()

  /// The next event.
  mutating func add(_ event: RecordedEvent) {
    // Lengths come first, so that no two events read the same.
    var head: [UInt8] = []
    head.reserveCapacity(96 + event.type.utf8.count)
    let lengths = [event.type.utf8.count, event.data.count, event.metadata.count].map { UInt64($0) }
    for index in 0..<4 { Self.append(state[index], to: &head) }
    for value in [event.id.high, event.id.low] + lengths { Self.append(value, to: &head) }
    head.append(event.isJSON ? 1 : 0)
    head += event.type.utf8
    var hasher = SHA256()
    head.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    event.data.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    event.metadata.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    state = hasher.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    events += 1
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
