/// Walks over the members of a JSON object, one key and one value at a time; says where it finds damage.
struct ObjectWalk {
  /// A key between its quotes.
  struct Key {
    /// The bytes between the quotes.
    var bytes: UnsafeBufferPointer<UInt8>
    /// Where the key begins.
    var start: Int
    /// Whether it has escapes, and so another text than `bytes`.
    var isEscaped: Bool
  }

  private let base: UnsafePointer<UInt8>
  var json: JSONScanner

  init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    json = JSONScanner(base: base, count: count)
  }

  /// Enters an object; false when it has no members, and is passed already.
  @inline(__always)
  mutating func begin() throws(LineDamage) -> Bool {
    guard json.take(UInt8(ascii: "{")) else { throw damage(.notAnObject, "an object should begin here") }
    json.skipSpaces()
    return !json.take(UInt8(ascii: "}"))
  }

  /// Passes a key and its colon; the value is next.
  @inline(__always)
  mutating func nextKey() throws(LineDamage) -> Key {
    let start = json.position
    guard json.skipString() else { throw damage(.notAnObject, "a key should be here, and is no proper string") }
    let bytes = UnsafeBufferPointer(start: base + start + 1, count: json.position - start - 2)
    let key = Key(bytes: bytes, start: start, isEscaped: json.hasEscapes)
    json.skipSpaces()
    guard json.take(UInt8(ascii: ":")) else { throw damage(.notAnObject, "a colon should follow the key") }
    json.skipSpaces()
    return key
  }

  /// Goes on after a value; false when the object ended there.
  @inline(__always)
  mutating func hasNext() throws(LineDamage) -> Bool {
    json.skipSpaces()
    if json.take(UInt8(ascii: "}")) { return false }
    guard json.take(UInt8(ascii: ",")) else {
      throw damage(.notAnObject, "a comma or the end of the object should follow a value")
    }
    json.skipSpaces()
    return true
  }

  /// Passes any value, and gives its bytes.
  @inline(__always)
  mutating func value(of name: String) throws(LineDamage) -> Range<Int> {
    let start = json.position
    guard json.skipValue() else { throw damage(.wrongValue, "the value of '\(name)' is not JSON that a line may hold") }
    return start..<json.position
  }

  /// Passes a string, and gives the bytes between its quotes.
  @inline(__always)
  mutating func string(of name: String) throws(LineDamage) -> (range: Range<Int>, isEscaped: Bool) {
    let start = json.position
    guard json.current == UInt8(ascii: "\"") else { throw damage(.wrongValue, "'\(name)' should be a string") }
    guard json.skipString() else { throw damage(.badString, "the string of '\(name)' is not well formed") }
    return (start + 1..<json.position - 1, json.hasEscapes)
  }

  /// Passes a whole number from 0 to 2^63-1, without fraction, exponent or needless zeros.
  @inline(__always)
  mutating func number(of name: String) throws(LineDamage) -> Int64 {
    let start = json.position
    var value: Int64 = 0
    while true {
      let digit = json.current &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLargeSum) = tens.addingReportingOverflow(Int64(digit))
      guard !tooLarge, !tooLargeSum else { throw damage(.wrongValue, "'\(name)' exceeds 2^63-1") }
      value = sum
      json.position &+= 1
    }
    let digits = json.position - start
    guard digits > 0, digits == 1 || base[start] != UInt8(ascii: "0") else {
      throw damage(.wrongValue, "'\(name)' should be a whole number from 0 to 2^63-1")
    }
    return value
  }

  /// Passes `true` or `false`.
  @inline(__always)
  mutating func boolean(of name: String) throws(LineDamage) -> Bool {
    if json.skipLiteral("true") { return true }
    if json.skipLiteral("false") { return false }
    throw damage(.wrongValue, "'\(name)' should be true or false")
  }

  /// Damage at the place that the walk has come to.
  @inline(never)
  func damage(_ code: LineDamage.Code, _ message: String) -> LineDamage {
    LineDamage(code, message, offset: json.position)
  }
}
