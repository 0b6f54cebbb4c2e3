import EventArchive
import EventStoreCore
import Glibc
import TestSupport
import Testing

/// Whatever an event holds, its line gives it back bit for bit.
@Suite struct RoundTripTests {
  /// Whether a line is well formed as a line, and gives back its event.
  private static func holds(_ event: RecordedEvent) throws -> Bool {
    let line = try LineSamples.line(event)
    let content = line.dropLast()
    guard line.last == 0x0A, content.allSatisfy({ $0 >= 0x20 }), String(validating: line, as: UTF8.self) != nil else {
      return false
    }
    return try LineSamples.event(content) == event
  }

  @Test("Every payload that has broken somebody's program comes back, as data and as metadata")
  func hardPayloads() throws {
    for payload in LineSamples.payloads {
      for isJSON in [true, false] {
        #expect(try Self.holds(LineSamples.event(isJSON: isJSON, data: Bytes(payload))), "\(payload)")
        #expect(try Self.holds(LineSamples.event(data: "{}", metadata: Bytes(payload))), "\(payload)")
      }
    }
  }

  @Test("Random events come back, whatever they hold")
  func randomEvents() {
    forSeeds(4000, from: 1) { generator in try Self.holds(generator.event()) }
  }

  @Test("Every byte comes back at every place of a word, alone and within a JSON string")
  func everyByteEverywhere() throws {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<10 {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: place) + [byte] + Array("bcdefghi".utf8)
        #expect(try Self.holds(LineSamples.event(data: Bytes(bytes))), "\(byte) at \(place)")
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(
          try Self.holds(LineSamples.event(stream: StreamName(utf8: bytes), data: Bytes(quoted))), "\(byte) at \(place)"
        )
      }
    }
  }

  @Test("Names of any bytes come back: NUL, spaces, slashes, no UTF-8, none at all, and a thousand characters")
  func names() throws {
    let names: [[UInt8]] = [
      [], [0], Array("a\u{0}b".utf8), Array("with spaces / and slashes\\".utf8), Array("\n\r\t\u{8}\u{C}\u{1F}\"".utf8),
      Array(String(repeating: "x", count: 1000).utf8), Array(String(repeating: "\u{1F600}", count: 1000).utf8),
      [UInt8](repeating: 0, count: 1000), [UInt8](repeating: 0xFF, count: 1000), Array("$$orders".utf8),
      Array("e\u{301}".utf8), Array("é".utf8), [0xED, 0xA0, 0x80],
    ]
    for name in names {
      let event = LineSamples.event(stream: StreamName(utf8: name), type: EventType(utf8: name))
      #expect(try Self.holds(event), "\(name.prefix(20))")
    }
  }

  @Test("The largest event that a server takes comes back: 16 MiB of JSON, of text, and of bytes")
  func largestEvent() throws {
    let size = 16 << 20
    let quote = [UInt8(ascii: "\"")]
    let letters = [UInt8](repeating: UInt8(ascii: "x"), count: size - 2)
    #expect(try Self.comesBack(quote + letters + quote, lineBytes: size))
    #expect(try Self.comesBack(letters + Array("\n\"".utf8), lineBytes: size + 2))
    #expect(try Self.comesBack([0xFF] + letters + [0], lineBytes: (size + 2) / 3 * 4))
  }

  /// Whether these data come back, and take so many bytes of the line and no more than a little beside.
  private static func comesBack(_ data: [UInt8], lineBytes: Int) throws -> Bool {
    let buffer = LineBuffer()
    var encoder = EventLineEncoder()
    try encoder.append(LineSamples.event(data: Bytes(data)), to: buffer)
    guard (lineBytes..<lineBytes + 250).contains(buffer.count) else { return false }
    let line = buffer.withUnsafeBytes {
      Bytes(owner: buffer, memory: UnsafeRawBufferPointer(rebasing: $0.dropLast()))
    }
    var decoder = EventLineDecoder()
    let found = try decoder.decode(line).data
    // By digests: in debug builds it takes half a minute to compare so many single bytes.
    return found.count == data.count && SHA256Digest(of: found) == SHA256Digest(of: data)
  }

  @Test("One encoder and one decoder serve events of many days and many streams")
  func sharedState() throws {
    var generator = SeededRandom(seed: 3)
    var encoder = EventLineEncoder()
    var decoder = EventLineDecoder()
    let buffer = LineBuffer(capacity: 1)
    let events = (0..<500).map { _ in
      var event = generator.event()
      // Neighbours mostly share the day and the names.
      if !generator.oneIn(4) {
        event.stream = "orders-1"
        event.type = "OrderPlaced"
        event.created = Timestamp(ticks: 17_954_616_011_234_567 + Int64(generator.below(1 << 40)))
      }
      return event
    }
    for event in events { try encoder.append(event, to: buffer) }
    #expect(try decoder.decodeFrame(buffer.copy()) == events)
  }

  @Test("What no line can hold is refused, and leaves the buffer as it was")
  func refusals() throws {
    let buffer = LineBuffer()
    var encoder = EventLineEncoder()
    try encoder.append(LineSamples.event(), to: buffer)
    let before = buffer.copy()
    let events = [
      LineSamples.event(number: -1), LineSamples.event(position: Position(commit: -1, prepare: 0)),
      LineSamples.event(position: Position(commit: 0, prepare: -1)),
      LineSamples.event(created: Timestamp(ticks: -621_355_968_000_000_001)),
      LineSamples.event(created: Timestamp(ticks: 2_534_023_008_000_000_000)),
      LineSamples.event(created: Timestamp(ticks: .min)),
    ]
    for event in events {
      #expect(throws: LineRefusal.outOfRange(stream: event.stream, number: event.number)) {
        try encoder.append(event, to: buffer)
      }
      #expect(buffer.copy() == before)
    }
    let large = LineSamples.event(data: Zeros.bytes(EventLineEncoder.maximumLineBytes), metadata: "1")
    #expect(throws: LineRefusal.tooLong(stream: large.stream, number: large.number)) {
      try encoder.append(large, to: buffer)
    }
    #expect(buffer.copy() == before)
    #expect(
      #expect(throws: LineDamage.self) {
        var decoder = EventLineDecoder()
        return try decoder.decode(Zeros.bytes(EventLineEncoder.maximumLineBytes + 1))
      }?.code == .tooLong)
  }
}

/// Memory that the system has promised to be zeros, and does not take until it is looked at.
private final class Zeros {
  private let memory: UnsafeMutableRawPointer

  private init(_ memory: UnsafeMutableRawPointer) {
    self.memory = memory
  }

  deinit {
    free(memory)
  }

  static func bytes(_ count: Int) -> Bytes {
    guard let memory = calloc(count, 1) else { preconditionFailure("no memory for \(count) zeros") }
    return Bytes(owner: Zeros(memory), memory: UnsafeRawBufferPointer(start: memory, count: count))
  }
}
