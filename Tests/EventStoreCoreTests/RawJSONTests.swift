import EventStoreCore
import TestSupport
import Testing

@Suite struct RawJSONTests {
  @Test("A document comes back without white space and otherwise as it was written")
  func compact() throws {
    let json = " {\"a\" : [ 1 , 2.50e+7, -0 ] ,\n \"b\":{\"c\":\"x\\u00e9\\\"y\"}, \"d\":[true,false,null], \"d\":{} } "
    let value = try #require(RawJSON(parsing: json.utf8))
    #expect(
      String(decoding: value.compactText, as: UTF8.self)
        == "{\"a\":[1,2.50e+7,-0],\"b\":{\"c\":\"x\\u00e9\\\"y\"},\"d\":[true,false,null],\"d\":{}}")
  }

  @Test("Escapes in strings mean what JSON says")
  func escapes() throws {
    let value = try #require(RawJSON(parsing: "[\"\\b\\f\\n\\r\\t\\/\\\\\\\"\\uD83C\\uDF89\\ud800\"]".utf8))
    guard case .array(let elements) = value else { throw NotAnArray() }
    #expect(elements.first?.text == "\u{8}\u{c}\n\r\t/\\\"🎉\u{FFFD}")
  }

  @Test("Whatever the bytes are, reading ends, and what was read is written so that it reads the same")
  func anyBytes() {
    var generator = SeededRandom(seed: 7)
    let alphabet = Array("{}[]\",:\\u0123eE+-.tfn aé\n".utf8) + [0, 0xFF]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      if let value = RawJSON(parsing: bytes) {
        #expect(RawJSON(parsing: value.compactText) == value)
      }
    }
  }

  @Test("Nesting deeper than the limit is refused, not followed")
  func deep() {
    let depth = 100_000
    #expect(RawJSON(parsing: [UInt8](repeating: UInt8(ascii: "["), count: depth)) == nil)
    #expect(RawJSON(parsing: (String(repeating: "[", count: 99) + String(repeating: "]", count: 99)).utf8) != nil)
  }

  private struct NotAnArray: Error {}
}
