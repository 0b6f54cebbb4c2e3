/// Lines that have a value in one of their places: so that a change of few bytes changes a value, and is no other line.
enum LineSlots {
  /// Longer values are no fuzzer's business here.
  private static let maximumBytes = 48

  /// Values to begin with.
  static let samples = [
    "9223372036854775807", "0", #"\ud83d\ude00"#, #"\u00e9\n\"\\"#, "AP8=", "AA==", "2026-11-23T19:20:01.1234567Z",
    "9999-12-31T23:59:59.999Z", "F1F4C1D8-0000-4000-8000-00000000000f", #"[1,{"a":null}]"#, "true",
  ]

  /// The members that every line has.
  private static let members = [
    #""stream":"s""#, #""number":1"#, #""id":"f1f4c1d8-0000-4000-8000-000000000001""#, #""type":"t""#,
    #""created":"2026-11-23T19:20:01.1234567Z""#, #""json":true"#,
  ]

  /// Which member has the value, and what stands before and after it there; beyond the last one it is another member.
  private static let slots: [(member: Int, before: String, after: String)] = [
    (0, #""stream":""#, "\""), (1, #""number":"#, ""), (2, #""id":""#, "\""), (3, #""typeBase64":""#, "\""),
    (4, #""created":""#, "\""), (5, #""json":"#, ""), (6, #""position":{"commit":"#, #","prepare":1}"#),
    (6, #""data":"#, ""), (6, #""metadataText":""#, "\""),
  ]

  /// The lines that have `value` in a place; none for a long one.
  static func lines(with value: [UInt8]) -> [[UInt8]] {
    guard value.count <= maximumBytes else { return [] }
    return slots.map { slot in
      let before = members[..<slot.member].map { $0 + "," }.joined() + slot.before
      let after = slot.after + members.dropFirst(slot.member + 1).map { "," + $0 }.joined()
      return Array("{\(before)".utf8) + value + Array("\(after)}".utf8)
    }
  }
}
