import EventStoreCore

/// Writes JSON and other payloads, without Foundation and without a String for each number.
struct DemoText {
  var bytes: [UInt8] = []

  /// Writes the text as it is.
  mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes a text that needs no escapes.
  mutating func plain(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func number(_ value: Int) {
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    var rest = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    withUnsafeMutableBytes(of: &digits) { buffer in
      var first = buffer.count
      repeat {
        first -= 1
        buffer[first] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      bytes.append(contentsOf: buffer[first...])
    }
  }

  /// An amount of money in units, with two decimals; not negative.
  mutating func amount(cents: Int) {
    number(cents / 100)
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(ascii: "0") + UInt8(cents / 10 % 10))
    bytes.append(UInt8(ascii: "0") + UInt8(cents % 10))
  }

  /// A UUID in lower case.
  mutating func id(_ id: EventID) {
    var shift = 60
    var half = id.high
    for character in 0..<36 {
      switch character {
      case 8, 13, 18, 23:
        bytes.append(UInt8(ascii: "-"))
        if character == 18 { (half, shift) = (id.low, 60) }
      default:
        let nibble = UInt8(truncatingIfNeeded: half >> UInt64(shift)) & 15
        bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
        shift -= 4
      }
    }
  }
}

/// Who caused an event, and within which piece of work: what its metadata say.
struct DemoContext {
  let correlation: EventID
  let user: String

  func write(_ text: inout DemoText) {
    text.raw(#"{"correlationId":""#)
    text.id(correlation)
    text.raw(#"","user":""#)
    text.plain(user)
    text.raw(#""}"#)
  }
}
