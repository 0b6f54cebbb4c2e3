/// How deep arrays and objects are within each other.
enum JSONDepth {
  /// At least the depth of the JSON text: brackets in strings count too.
  static func of(_ text: some Sequence<UInt8>) -> Int {
    var depth = 0
    var deepest = 0
    for byte in text {
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { depth -= 1 }
      deepest = max(depth, deepest)
    }
    return deepest
  }
}
