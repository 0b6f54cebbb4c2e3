/// Walks over JSON (RFC 8259) in memory, and takes only what a line may hold: UTF-8, no byte below 0x20, at most 127 levels,
/// no escape of a lone surrogate (ARCHIVE-FORMAT.md, "JSON in a line").
///
/// After a `false` the position is where the scan could not go on.
struct JSONScanner {
  /// The most arrays and objects that may be open at once.
  ///
  /// jq 1.6 stops at 129 objects within each other, and the line is one itself.
  static let maximumDepth = 127

  private let base: UnsafePointer<UInt8>
  let count: Int
  var position: Int
  /// Whether the string that was scanned last has an escape.
  private(set) var hasEscapes = false

  init(base: UnsafePointer<UInt8>, count: Int, position: Int = 0) {
    self.base = base
    self.count = count
    self.position = position
  }

  /// Whether these bytes are one JSON value that a line may hold, without white space before or after it.
  static func accepts(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.withMemoryRebound(to: UInt8.self) { bytes in
      guard let base = bytes.baseAddress else { return false }
      var scanner = JSONScanner(base: base, count: bytes.count)
      return scanner.skipValue() && scanner.position == scanner.count
    }
  }

  /// The byte at the position; 0, which no line may hold, at the end.
  @inline(__always)
  var current: UInt8 { position < count ? base[position] : 0 }

  /// Passes `byte` if it is the next one.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position &+= 1
    return true
  }

  @inline(__always)
  mutating func skipSpaces() {
    while current == UInt8(ascii: " ") { position &+= 1 }
  }

  /// Passes one value, which begins at the position.
  mutating func skipValue() -> Bool {
    // Bit n tells whether the container n levels further out is an object.
    var objects: UInt128 = 0
    var depth = 0
    while true {
      var opened = false
      switch current {
      case UInt8(ascii: "\""):
        guard skipString() else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < Self.maximumDepth else { return false }
        depth &+= 1
        objects = objects << 1 | (current == UInt8(ascii: "{") ? 1 : 0)
        position &+= 1
        opened = true
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        guard skipNumber() else { return false }
      case UInt8(ascii: "t"):
        guard skipLiteral("true") else { return false }
      case UInt8(ascii: "f"):
        guard skipLiteral("false") else { return false }
      case UInt8(ascii: "n"):
        guard skipLiteral("null") else { return false }
      default:
        return false
      }
      // After a value, or after the bracket that opened a container: on to the next value, or out of containers.
      while true {
        if depth == 0 { return true }
        skipSpaces()
        let isObject = objects & 1 == 1
        if take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          depth &-= 1
          objects >>= 1
          opened = false
          continue
        }
        if !opened {
          guard take(UInt8(ascii: ",")) else { return false }
          skipSpaces()
        }
        if isObject {
          guard skipString() else { return false }
          skipSpaces()
          guard take(UInt8(ascii: ":")) else { return false }
          skipSpaces()
        }
        break
      }
    }
  }

  /// Passes a string with its quotes, and says in `hasEscapes` whether there is anything to unescape.
  mutating func skipString() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    hasEscapes = false
    while true {
      while position &+ 8 <= count {
        let hits = TextBytes.unusual(TextBytes.word(at: base + position))
        if hits == 0 {
          position &+= 8
        } else {
          position &+= hits.trailingZeroBitCount / 8
          // Most strings are short, and end within the first words.
          guard base[position] == UInt8(ascii: "\"") else { break }
          position &+= 1
          return true
        }
      }
      switch current {
      case UInt8(ascii: "\""):
        position &+= 1
        return true
      case UInt8(ascii: "\\"):
        hasEscapes = true
        guard skipEscape() else { return false }
      case 0x20...0x7F:
        position &+= 1
      case 0x80...0xFF:
        let length = TextBytes.sequenceLength(at: base + position, available: count &- position)
        guard length > 0 else { return false }
        position &+= length
      default:
        return false
      }
    }
  }

  private mutating func skipEscape() -> Bool {
    position &+= 1
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position &+= 1
      return true
    case UInt8(ascii: "u"):
      position &+= 1
      guard let unit = takeHexDigits() else { return false }
      switch unit {
      case 0xD800...0xDBFF:
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let second = takeHexDigits() else { return false }
        return (0xDC00...0xDFFF).contains(second)
      case 0xDC00...0xDFFF:
        return false
      default:
        return true
      }
    default:
      return false
    }
  }

  private mutating func takeHexDigits() -> UInt32? {
    guard count &- position >= 4 else { return nil }
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = TextBytes.hexDigit(base[position]) else { return nil }
      unit = unit << 4 | UInt32(digit)
      position &+= 1
    }
    return unit
  }

  private mutating func skipNumber() -> Bool {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) {
      guard skipDigits() else { return false }
    }
    if take(UInt8(ascii: ".")) {
      guard skipDigits() else { return false }
    }
    if current | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position &+= 1 }
      guard skipDigits() else { return false }
    }
    return true
  }

  /// Passes one digit or more.
  private mutating func skipDigits() -> Bool {
    let start = position
    while current &- UInt8(ascii: "0") < 10 { position &+= 1 }
    return position > start
  }

  mutating func skipLiteral(_ literal: StaticString) -> Bool {
    guard count &- position >= literal.utf8CodeUnitCount else { return false }
    for offset in 0..<literal.utf8CodeUnitCount where base[position &+ offset] != literal.utf8Start[offset] {
      return false
    }
    position &+= literal.utf8CodeUnitCount
    return true
  }
}
