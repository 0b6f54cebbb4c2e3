/// The unique id of an event: a UUID.
public struct EventID: Hashable, Sendable {
  /// The first eight bytes, in the order of the text form.
  package let high: UInt64
  /// The last eight bytes.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new random id (UUID version 4).
  public init() {
    var generator = SystemRandomNumberGenerator()
    high = generator.next() & ~0xF000 | 0x4000
    low = generator.next() & ~(0b11 << 62) | (0b10 << 62)
  }

  /// The id with these 16 bytes, in the order of the text form; nil when there are not 16.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The id with this text, `f1f4c1d8-…` in either case; nil when it is not of that form.
  public init?(_ text: String) {
    self.init(text: text.utf8)
  }

  /// The id with these 36 characters of text; nil when they are not of that form.
  package init?(text: some Collection<UInt8>) {
    guard text.count == 36 else { return nil }
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    for (offset, character) in text.enumerated() {
      switch offset {
      case 8, 13, 18, 23:
        guard character == UInt8(ascii: "-") else { return nil }
      default:
        guard let digit = Self.hexDigit(character) else { return nil }
        if offset < 18 { halves.high = halves.high << 4 | digit } else { halves.low = halves.low << 4 | digit }
      }
    }
    (high, low) = halves
  }

  /// The 16 bytes, in the order of the text form.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
  }

  private static func hexDigit(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension EventID: CustomStringConvertible {
  /// The text form, in lower case.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (offset, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(offset) { text.append(UInt8(ascii: "-")) }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
