@testable import EventArchive
@testable import EventStoreCore

/// Lines of an archive: each an event that can be written as a line, and is then the same, or a `LineDamage`.
///
/// Few bytes are tried as values within a line too.
enum LineTarget: FuzzTarget {
  static let name = "lines"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    let lines = try SampleEvents.all.map { try SampleEvents.content([$0]) }
    return lines.map { Array($0.dropLast()) } + [lines.flatMap { $0 }]
      + (foreign + bare + LineSlots.samples).map { Array($0.utf8) }
  }

  static let words = [
    #"\ud83d"#, #"\ude00"#, #"\u0000"#, #""streamBase64":"#, #""typeBase64":"#, #""dataText":"#, #""dataBase64":"#,
    #""metadata":"#, "0001-01-01T00:00:00.0000000Z",
  ]

  /// JSON alone, short, so that most changes change something that matters: strings, and what is nested deep.
  private static let bare = [
    #""\ud83d\ude00""#, #""\u00e9\n\"\\\/\b""#, "-1.5e-3", #"[0,{"a":[{}],"b":true}]"#,
    String(repeating: "[", count: 90) + String(repeating: "]", count: 90),
    String(repeating: #"{"a":["#, count: 45) + "1" + String(repeating: "]}", count: 45),
  ]

  /// Lines that eventvault would not write, but reads.
  private static let foreign = [
    #"{ "number" : 1 , "later":[{"a":null}],"\u0073tream":"s","json":false,"id":"F1F4C1D8-0000-4000-8000-000000000001","#
      + #""typeBase64":"dA==","created":"2026-11-23T19:20:01.123Z","dataBase64":"AP8=","metadataText":"x\n\ud83d\ude00"}"#,
    #"{"stream":"s","number":9223372036854775807,"id":"f1f4c1d8-0000-4000-8000-000000000001","type":"t","#
      + #""created":"9999-12-31T23:59:59.9999999Z","position":{"prepare":9223372036854775807,"#
      + #""commit":9223372036854775807},"json":true}"#,
  ]

  static func run(_ input: [UInt8]) {
    check(Bytes(input))
    input.withUnsafeBytes { checkJSON($0) }
    for line in LineSlots.lines(with: input) { check(Bytes(line)) }
  }

  private static func check(_ content: Bytes) {
    var events: [RecordedEvent]? = []
    var decoder = EventLineDecoder()
    for line in Lines(content) {
      checkExamination(of: line)
      do throws(LineDamage) {
        let event = try decoder.decode(line)
        LineModel(line)?.check(event)
        checkEncoding(of: event)
        events?.append(event)
      } catch {
        claim((0...line.count).contains(error.offset), "damage is said to be at \(error.offset) of \(line.count)")
        claim(!error.message.isEmpty, "damage without words")
        events = nil
      }
    }
    checkFrame(content, events)
  }

  /// What is looked at without making an event of it is the same, and so is what is wrong.
  private static func checkExamination(of line: Bytes) {
    var decoder = EventLineDecoder()
    let event = Result { () throws(LineDamage) in try decoder.decode(line) }
    let examined = Result { () throws(LineDamage) in
      try line.withUnsafeBytes { (bytes) throws(LineDamage) in
        var matches = false
        try decoder.examine(bytes) { facts in
          guard case .success(let event) = event else { return }
          matches =
            event.stream.utf8.elementsEqual(facts.stream) && event.number == facts.number && event.id == facts.id
            && event.position == facts.position && event.created == facts.created
        }
        return matches
      }
    }
    switch (event, examined) {
    case (.success, .success(let matches)): claim(matches, "a line is another event when it is only looked at")
    case (.failure(let damage), .failure(let other)):
      claim(damage == other, "\(damage) is \(other) when only looked at")
    case (.success, .failure), (.failure, .success):
      claim(false, "a line is damaged only when it is, or is not, looked at")
    }
  }

  /// An event of a line can be written as a line, which is the same event, and the same line when it is written again.
  private static func checkEncoding(of event: RecordedEvent) {
    let line = mustNotThrow("an event that was read cannot be written") { try SampleEvents.content([event]) }
    claim(line.last == UInt8(ascii: "\n") && line.dropLast().allSatisfy { $0 >= 0x20 }, "an event is not one line")
    var decoder = EventLineDecoder()
    let again = mustNotThrow("a line that was written cannot be read") { try decoder.decode(Bytes(line.dropLast())) }
    claim(again == event, "an event is another one after it was written")
    let twice = mustNotThrow("an event cannot be written twice") { try SampleEvents.content([again]) }
    claim(twice == line, "equal events are written differently")
  }

  /// Line by line or as a frame, with all streams or some: the events are the same.
  private static func checkFrame(_ content: Bytes, _ events: [RecordedEvent]?) {
    var decoder = EventLineDecoder()
    claim((try? decoder.decodeFrame(content)) == events, "a frame's events are not those of its lines")
    guard let events, let stream = events.last?.stream else { return }
    let wanted = WantedStreams([stream])
    claim(
      (try? decoder.decodeFrame(content, only: wanted)) == events.filter { $0.stream == stream },
      "the events of one stream are not those of its lines")
  }

  /// What a line may hold as JSON is JSON for the other parser too, and the other way round as far as that one looks.
  private static func checkJSON(_ bytes: UnsafeRawBufferPointer) {
    // The other one stops sooner.
    guard JSONDepth.of(bytes) < 100 else { return }
    let isJSON = RawJSON(parsing: bytes) != nil
    if JSONScanner.accepts(bytes) {
      claim(isJSON, "two parsers differ on what JSON is")
      if bytes.first == UInt8(ascii: "\"") { checkText(UnsafeRawBufferPointer(rebasing: bytes.dropFirst().dropLast())) }
    } else if isJSON, !bytes.contains(UInt8(ascii: "\\")), bytes.allSatisfy({ $0 >= 0x20 }),
      String(validating: bytes, as: UTF8.self) != nil
    {
      let isBare = bytes.first != UInt8(ascii: " ") && bytes.last != UInt8(ascii: " ") && bytes.first != 0xEF
      claim(!isBare, "JSON that a line may hold is refused")
    }
  }

  /// The text of a string is the other parser's.
  private static func checkText(_ string: UnsafeRawBufferPointer) {
    claim(Unescaping.unescape(string) == RawJSONParser.unescape(Array(string)), "two parsers differ on what a text is")
  }
}
