import EventArchive
import EventStoreCore
import TestSupport
import Testing
import Zstd

/// Footers: right ones, wrong ones, and thousands that are nearly right.
@Suite struct FooterTests {
  private static let number = ForgedFooter.number
  private static let signed = ForgedFooter.signed

  /// The layout of two frames with three events of the streams "" and "a".
  private static func layout(events: UInt64 = 2, created: Int64 = 17_000_000_000_000_000) -> [UInt8] {
    let frames = number(2) + ForgedFooter.frame(events: events, created: created) + ForgedFooter.frame(events: 1)
    let empty = number(0) + number(1) + number(0) + number(1) + signed(5) + signed(0)
    let named =
      number(1) + [UInt8(ascii: "a")] + number(2) + number(0) + number(events - 1) + signed(3) + signed(4) + number(0)
      + number(1) + signed(2) + signed(0)
    return frames + number(2) + empty + named
  }

  private static func code(_ file: [UInt8]) throws -> SegmentDamage.Code? {
    do {
      _ = try ForgedFooter.decode(file)
      return nil
    } catch let error as SegmentDamage {
      return error.code
    }
  }

  @Test("A layout made by hand from the specification is read as it says")
  func readsByHand() throws {
    let footer = try ForgedFooter.decode(ForgedFooter.file(frames: 2, layout: Self.layout()))
    #expect(footer.index.frames.map(\.span.events) == [2, 1])
    #expect(footer.index.frames[0].span.firstCreated == Timestamp(ticks: 17_000_000_000_000_000))
    #expect(footer.index.streams.map(\.name) == ["", "a"])
    #expect(footer.index.stream("a")?.places.map(\.frame) == [0, 1])
    #expect(footer.index.stream("a")?.span == StreamSpan(events: 2, first: 3, last: 9))
    #expect(footer.index.stream("")?.span == StreamSpan(events: 1, first: 5, last: 5))
    #expect(footer.index.stream("b") == nil)
    #expect(footer.locations.map(\.contentBytes) == [8, 8])
    #expect(footer.dataBytes == footer.locations.map(\.compressedBytes).reduce(0, +))
  }

  @Test("Numbers that no segment can have are damage, not a crash")
  func hugeNumbers() throws {
    #expect(try Self.code(ForgedFooter.file(frames: 2, layout: Self.layout(events: 1 << 28))) == nil)
    for events in [0, (1 << 28) + 1, UInt64(Int64.max), .max] {
      let frame = ForgedFooter.frame(events: events)
      let place = Self.number(0) + Self.number(events) + Self.signed(0) + Self.signed(0)
      let stream = Self.number(0) + Self.number(2) + place + place
      let layout = Self.number(2) + frame + frame + Self.number(1) + stream
      #expect(try Self.code(ForgedFooter.file(frames: 2, layout: layout)) == .index, "\(events) events")
    }
    for ticks in [Int64.min, Int64.max, -621_355_968_000_000_001, 2_534_023_008_000_000_000] {
      let layout = Self.layout(created: ticks)
      #expect(try Self.code(ForgedFooter.file(frames: 2, layout: layout)) == .index, "created at \(ticks)")
    }
    let streams = Self.number(1) + ForgedFooter.frame(events: 1) + Self.number(.max)
    #expect(try Self.code(ForgedFooter.file(frames: 1, layout: streams)) == .index)
    #expect(try Self.code(ForgedFooter.file(frames: 1, layout: Self.number(.max))) == .index)
  }

  @Test("A seek table that does not fit its file is damage")
  func seekTables() throws {
    let frames = try ForgedFooter.frames(2)
    let index = try ForgedFooter.index(Self.layout())
    let data = frames.flatMap { $0 } + index
    let sizes = frames.map { ($0.count, 8) } + [(index.count, 0)]
    func code(_ sizes: [(Int, Int)]) throws -> SegmentDamage.Code? {
      try Self.code(data + ForgedFooter.seekTable(sizes.map { (compressed: $0.0, content: $0.1) }))
    }
    #expect(try code(sizes) == nil)
    #expect(try code([]) == .seekTable)
    #expect(try code([(data.count, 0)]) == .seekTable)
    #expect(try code(sizes.dropLast() + [(index.count, 1)]) == .seekTable)
    #expect(try code(sizes.dropLast() + [(index.count + 1, 0)]) == .seekTable)
    #expect(try code([(frames[0].count + frames[1].count, 16), (index.count, 0)]) == .index)
    #expect(try code([(frames[0].count + 1, 8), (frames[1].count, 8), (index.count - 1, 0)]) == .index)
    #expect(try Self.code([]) == .truncated)
    let table = ForgedFooter.seekTable(sizes.map { (compressed: $0.0, content: $0.1) })
    for cut in 1..<table.count { #expect(try Self.code(data + table.dropLast(cut)) == .seekTable, "cut by \(cut)") }
  }

  @Test("Whatever a layout holds, nothing traps: it is an index whose sums can be told, or damage")
  func mutatedLayouts() throws {
    var read = 0
    var refused = 0
    forSeeds(4000, from: 1) { generator in
      let layout = generator.mutated(Self.layout())
      do {
        let footer = try ForgedFooter.decode(ForgedFooter.file(frames: 2, layout: layout))
        read += 1
        // Whatever was taken can be summed up, found, and written again.
        let index = footer.index
        #expect(index.streams.map(\.span.events).reduce(0, +) == index.span.events)
        for stream in index.streams { #expect(index.stream(stream.name) == stream) }
        let again = try SegmentFooter.encode(index: index, frames: footer.locations.map { ($0.compressedBytes, 8) })
        let file = try ForgedFooter.frames(2).flatMap { $0 } + again.bytes
        return try ForgedFooter.decode(file).index == index
      } catch let error as SegmentDamage {
        refused += 1
        return error.code == .index
      }
    }
    #expect(read > 100)
    #expect(refused > 1000)
  }

  @Test("Whatever the end of a file holds, no byte outside of it is asked for: it is a footer, or damage")
  func mutatedFiles() throws {
    let file = try ForgedFooter.file(frames: 2, layout: Self.layout())
    let footerBytes = file.count - (try ForgedFooter.decode(file).dataBytes)
    var refused = 0
    forSeeds(6000, from: 10_001) { generator in
      let mutated = Array(file.dropLast(footerBytes)) + generator.mutated(Array(file.suffix(footerBytes)))
      do {
        let footer = try ForgedFooter.decode(mutated)
        return footer.dataBytes <= mutated.count
      } catch let error as SegmentDamage {
        refused += 1
        return (0...mutated.count).contains(error.offset)
      }
    }
    #expect(refused > 4000)
  }
}
