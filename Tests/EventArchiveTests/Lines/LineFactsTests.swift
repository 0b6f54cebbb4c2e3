import EventArchive
import EventStoreCore
import TestSupport
import Testing

/// What a verification looks at of a line, against what a reader makes of it.
@Suite struct LineFactsTests {
  /// What became of a line.
  private enum Outcome: Equatable {
    case event(StreamName, EventNumber, EventID, Timestamp, Position?)
    case damage(LineDamage)
  }

  private static func examined(_ line: [UInt8], _ decoder: inout EventLineDecoder) -> Outcome {
    do throws(LineDamage) {
      return try examine(line, &decoder)
    } catch {
      return .damage(error)
    }
  }

  private static func examine(_ line: [UInt8], _ decoder: inout EventLineDecoder) throws(LineDamage) -> Outcome {
    // In memory of exactly that size, so that a sanitizer notices a byte read behind it.
    let memory = Bytes(line)
    return try memory.withUnsafeBytes { (memory) throws(LineDamage) in
      try decoder.examine(memory) { .event($0.streamName, $0.number, $0.id, $0.created, $0.position) }
    }
  }

  private static func decoded(_ line: [UInt8]) -> Outcome {
    do throws(LineDamage) {
      let event = try LineSamples.event(line)
      return .event(event.stream, event.number, event.id, event.created, event.position)
    } catch {
      return .damage(error)
    }
  }

  @Test("A line that is examined has the same facts, or the same damage, as one that is read, whatever bytes it has")
  func sameAsDecoding() throws {
    var events = 0
    var damages = 0
    // One for all, as in a frame: what it remembers of earlier lines must not matter.
    var decoder = EventLineDecoder()
    forSeeds(6000, from: 1) { generator in
      let line = try Array(LineSamples.line(generator.event()).dropLast())
      let mutated = generator.oneIn(4) ? line : generator.mutated(line, alphabet: Array(#"{}[]":,\n0u "#.utf8))
      let outcome = Self.examined(mutated, &decoder)
      if case .event = outcome { events += 1 } else { damages += 1 }
      return outcome == Self.decoded(mutated)
    }
    #expect(events > 1000 && damages > 1000)
  }

  @Test("A line is refused alike at every place where it can be cut off")
  func cutLines() throws {
    var decoder = EventLineDecoder()
    let line = try Array(LineSamples.line(ArchiveSamples.event(1)).dropLast())
    for count in 0..<line.count {
      let outcome = Self.examined(Array(line[..<count]), &decoder)
      #expect(outcome == Self.decoded(Array(line[..<count])), "\(count) bytes")
      guard case .damage = outcome else {
        Issue.record("\(count) bytes of the line are taken for an event")
        continue
      }
    }
  }

  @Test("At each place of an id just hexadecimal digits are taken, in either case, and hyphens where they belong")
  func ids() throws {
    let line = try Array(LineSamples.line(LineSamples.event()).dropLast())
    let text = Array("f1f4c1d8-0000-4000-8000-000000000001".utf8)
    let start = try #require(line.indices.first { line[$0...].starts(with: text) })
    let hyphens = [8, 13, 18, 23]
    for place in 0..<36 {
      for byte in UInt8.min ... .max {
        var changed = text
        changed[place] = byte
        var line = line
        line[start + place] = byte
        // The standard library's parser knows nothing of ours.
        let digits = String(decoding: changed.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
        let isRight = hyphens.contains(place) ? byte == UInt8(ascii: "-") : byte < 0x80 && Self.isHex(byte)
        let id = try? LineSamples.event(line).id
        guard isRight else {
          #expect(id == nil, "byte \(byte) at \(place)")
          continue
        }
        #expect(id?.high == UInt64(digits.prefix(16), radix: 16), "byte \(byte) at \(place)")
        #expect(id?.low == UInt64(digits.suffix(16), radix: 16), "byte \(byte) at \(place)")
      }
    }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
  }
}
