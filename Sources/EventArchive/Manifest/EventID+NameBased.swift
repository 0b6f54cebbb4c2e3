internal import Crypto
package import EventStoreCore

extension EventID {
  /// The id that follows from a name: UUID version 5 (RFC 9562, section 5.5), the same for the same namespace and name.
  package init(namespace: EventID, name: some Collection<UInt8>) {
    var hasher = Insecure.SHA1()
    hasher.update(data: namespace.bytes + name)
    var bytes = Array(hasher.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    let halves = bytes.reduce(into: (high: UInt64(0), low: UInt64(0))) { halves, byte in
      halves.high = halves.high << 8 | halves.low >> 56
      halves.low = halves.low << 8 | UInt64(byte)
    }
    self.init(high: halves.high, low: halves.low)
  }
}
