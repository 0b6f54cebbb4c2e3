import GoldenTraffic
import Testing

@Suite("Recorded traffic")
struct RecordingTests {
  @Test("Every recorded frame begins with its own length, and carries its command, flags and correlation id")
  func headers() throws {
    let recordings = try Recording.all
    #expect(recordings.count == 72)
    var frames = 0
    for recording in recordings {
      for step in recording.steps where step.command != "RawBytes" {
        guard let frame = step.frame else { continue }
        frames += 1
        let length = frame.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == frame.count - 4, "\(recording) \(step.sequence)")
        #expect(frame[4] == step.commandByte)
        #expect(frame[5] == step.flags)
        let id = frame[6..<22].map { byte in
          let digits = String(byte, radix: 16)
          return digits.count == 1 ? "0" + digits : digits
        }
        let text = step.correlation.filter { $0 != "-" }
        #expect(id[3] + id[2] + id[1] + id[0] + id[5] + id[4] + id[7] + id[6] + id[8...].joined() == text)
      }
    }
    #expect(frames > 2900)
  }

  @Test("The frame that is given by its rule has the recorded length, and the server gave its data back")
  func largeWrite() throws {
    let recording = try Recording.named("write_large_1mb")
    let write = try #require(recording.clientFrames.first { $0.command == "WriteEvents" }?.frame)
    let read = try #require(recording.serverFrames.first { $0.command == "ReadEventCompleted" }?.frame)
    #expect(write.count == 1_000_093)
    let data = (0..<1_000_000).map { UInt8($0 * 7 % 251) }
    #expect(Array(write.suffix(data.count + 4).prefix(data.count)) == data)
    #expect(Array(read.suffix(data.count + 40)).firstRange(of: data) != nil)
  }

  @Test("Integers keep all 64 bits")
  func exactIntegers() throws {
    let text = #"{"a":9223372036854775807,"b":-9223372036854775808,"c":[true,null,0.5,"é\u00e9\ud83d\ude00\n"]}"#
    let value = try JSONValue(parsing: text.utf8)
    #expect(value["a"]?.integer == .max)
    #expect(value["b"]?.integer == .min)
    #expect(value["c"] == .array([.bool(true), .null, .number(0.5), .string("éé😀\n")]))
  }

  @Test("A broken JSON text is refused", arguments: ["", "{", "[1,]", #"{"a"1}"#, "[1]x", "\"a", "tru", "-", #""\x""#])
  func brokenText(text: String) {
    #expect(throws: RecordingError.self) { try JSONValue(parsing: text.utf8) }
  }

  @Test("Connections, closes, notes and credentials are kept")
  func details() throws {
    let framing = try Recording.named("protocol_bad_framing").steps
    #expect(framing.contains { $0.direction == .close && $0.text == "server" && $0.connection == 12 })
    let denied = try Recording.named("read_all_denied")
    #expect(denied.clientFrames.contains { $0.auth?.login == "reader" && $0.auth?.password == "reader-pass" })
    #expect(throws: RecordingError.self) { try Recording.named("no_such_scenario") }
    #expect(try HTTPRecording.json(named: "ping.json")["msgTypeId"] == .integer(177))
  }
}
