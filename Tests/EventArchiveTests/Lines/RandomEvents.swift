import EventStoreCore
import TestSupport

/// Events that nobody would think of.
extension SeededRandom {
  /// Any event that a line can hold.
  mutating func event() -> RecordedEvent {
    var name = self.name()
    let stream = StreamName(utf8: name)
    name = self.name()
    return RecordedEvent(
      stream: stream, number: natural(), id: EventID(high: next(), low: next()), type: EventType(utf8: name),
      isJSON: oneIn(2), data: Bytes(payload()), metadata: Bytes(oneIn(2) ? payload() : []), created: time(),
      position: oneIn(3) ? nil : Position(commit: natural(), prepare: natural()))
  }

  /// Any name: mostly text, with what text can hold, and sometimes only bytes.
  mutating func name() -> [UInt8] {
    switch below(8) {
    case 0: []
    case 1: bytes(below(40))
    case 2: Array(String(repeating: text(3), count: 1 + below(400)).utf8.prefix(1000))
    case 3: Array("a\u{0}b/c d\\e\"f\n".utf8)
    default: Array(text(1 + below(30)).utf8)
    }
  }

  /// A number from 0 to 2^63-1: small, large, and the largest.
  mutating func natural() -> Int64 {
    switch below(4) {
    case 0: Int64(below(10))
    case 1: .max
    default: Int64(next() >> UInt64(1 + below(63)))
    }
  }

  /// A time that has a text form, in either precision.
  mutating func time() -> Timestamp {
    let range: ClosedRange<Int64> = -621_355_968_000_000_000...2_534_023_007_999_999_999
    let ticks = oneIn(8) ? pick([range.lowerBound, range.upperBound, 0, -1]) : Int64.random(in: range, using: &self)
    guard oneIn(3) else { return Timestamp(ticks: ticks) }
    return Timestamp(milliseconds: Timestamp(ticks: ticks).milliseconds)
  }

  /// Any payload: JSON in all its shapes, nearly JSON, text, and bytes.
  mutating func payload() -> [UInt8] {
    switch below(8) {
    case 0: return pick(LineSamples.payloads)
    case 1: return bytes(below(200))
    case 2: return Array(text(below(120)).utf8)
    case 3: return mutated(Array(json(depth: 4, isPretty: false).utf8))
    case 4:
      return Array((pick([" ", "\n", "", "\u{FEFF}"]) + json(depth: 3, isPretty: true) + pick(["", "\n", " "])).utf8)
    default: return Array(json(depth: 5, isPretty: false).utf8)
    }
  }

  /// Text of so many characters, some of which need an escape somewhere.
  mutating func text(_ count: Int) -> String {
    let hard: [Unicode.Scalar] = [
      "\"", "\\", "/", "\u{0}", "\u{1F}", "\n", "\r", "\t", "\u{8}", "\u{C}", "\u{7F}", "\u{80}", "\u{2028}",
      "\u{FEFF}",
      "\u{FFFF}", "\u{1F600}", "\u{10FFFF}", "é", "\u{301}", " ", "$", "@",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<count { text.append(oneIn(3) ? pick(hard) : Unicode.Scalar(UInt8(0x61 + below(26)))) }
    return String(text)
  }

  /// A JSON value.
  mutating func json(depth: Int, isPretty: Bool) -> String {
    let space = isPretty ? pick(["", " ", "\n  ", "\t"]) : oneIn(6) ? " " : ""
    switch depth == 0 ? below(4) : below(7) {
    case 0: return pick(["null", "true", "false"])
    case 1: return number()
    case 2, 3: return string()
    case 4:
      let values = (0..<below(5)).map { _ in space + json(depth: depth - 1, isPretty: isPretty) + space }
      return "[" + values.joined(separator: ",") + "]"
    default:
      let members = (0..<below(5)).map { _ in
        space + (oneIn(5) ? "\"a\"" : string()) + space + ":" + space + json(depth: depth - 1, isPretty: isPretty)
      }
      return "{" + members.joined(separator: ",") + space + "}"
    }
  }

  private mutating func number() -> String {
    var number = oneIn(3) ? "-" : ""
    number += oneIn(4) ? "0" : "\(1 + below(9))" + (0..<below(60)).map { _ in "\(below(10))" }.joined()
    if oneIn(3) { number += "." + (0...below(30)).map { _ in "\(below(10))" }.joined() }
    if oneIn(4) { number += pick(["e", "E"]) + pick(["", "+", "-"]) + "\(below(1000))" }
    return number
  }

  private mutating func string() -> String {
    let escapes = [
      #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u00e9"#, #"\uD83D\uDE00"#,
      #"\uFFFF"#,
    ]
    var string = "\""
    for _ in 0..<below(20) {
      switch below(6) {
      case 0: string += pick(escapes)
      case 1: string += pick(["é", "\u{2028}", "\u{1F600}", "\u{7F}", "\u{FFFF}"])
      case 2 where oneIn(12): string += pick([#"\ud800"#, #"\uDFFF"#, "\u{1}", #"\q"#])
      default: string += String(UnicodeScalar(UInt8(0x61 + below(26))))
      }
    }
    return string + "\""
  }
}
