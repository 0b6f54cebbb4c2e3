import EventArchive
import EventStoreCore
import TestSupport
import Testing

/// The index that is built flat, against one that is built as one would think of it.
@Suite struct StreamIndexBuilderTests {
  /// Frames of random events: streams with awkward names, numbers that jump, and now and then go back.
  private static func frames(_ generator: inout SeededRandom) -> [[RecordedEvent]] {
    let names = (0...generator.below(60)).map { _ in StreamName(utf8: generator.name()) }
    var numbers: [StreamName: EventNumber] = [:]
    let havePositions = generator.oneIn(2)
    return (0...generator.below(12)).map { _ in
      (0...generator.below(40)).map { _ in
        let stream = generator.pick(names)
        let step = generator.oneIn(50) ? -Int64(generator.below(3)) : generator.oneIn(20) ? 1 << 40 : 1
        numbers[stream] = max((numbers[stream] ?? -1) + step, 0)
        var event = LineSamples.event(stream: stream, number: numbers[stream] ?? 0)
        event.created = generator.time()
        if havePositions { event.position = Position(commit: generator.natural(), prepare: 1) }
        return event
      }
    }
  }

  /// Where each stream has its events.
  private static func places(_ frames: [[RecordedEvent]]) -> [StreamName: [StreamIndex.Place]] {
    var places: [StreamName: [StreamIndex.Place]] = [:]
    for (frame, events) in frames.enumerated() {
      for (stream, own) in Dictionary(grouping: events, by: \.stream) {
        let span = StreamSpan(events: own.count, first: own[0].number, last: own[own.count - 1].number)
        places[stream, default: []].append(StreamIndex.Place(frame: frame, span: span))
      }
    }
    return places
  }

  /// The first, by name, of the streams whose numbers do not go on in a frame.
  private static func disorder(_ frame: Int, _ places: [StreamName: [StreamIndex.Place]]) -> StreamName? {
    places.filter { _, places in
      guard let here = places.firstIndex(where: { $0.frame == frame }), here > 0 else { return false }
      return places[here].span.first <= places[here - 1].span.last
    }.keys.min()
  }

  @Test("The index tells of every frame and every stream what the events tell, and its layout is that of the index")
  func model() throws {
    var disordered = 0
    forSeeds(400, from: 1) { generator in
      let frames = Self.frames(&generator)
      let expected = Self.places(frames)
      var builder = StreamIndexBuilder()
      for (number, events) in frames.enumerated() {
        let summary = try #require(FrameSummary(events))
        let complaint = builder.append(digest: SHA256Digest(of: [UInt8(number)]), summary: summary)
        guard complaint == Self.disorder(number, expected) else { return false }
        if complaint != nil { disordered += 1 }
      }
      let index = try #require(builder.build())
      guard index.streams.map(\.name) == expected.keys.sorted(), builder.streamCount == expected.count,
        index.streams.allSatisfy({ $0.places == expected[$0.name] }),
        index.frames.map(\.span.events) == frames.map(\.count), builder.span == index.span,
        index.frames.map(\.digest) == frames.indices.map({ SHA256Digest(of: [UInt8($0)]) })
      else { return false }
      return builder.layout() == index.encoded()
    }
    #expect(disordered > 20)
  }

  @Test("Nothing has no index")
  func empty() {
    #expect(StreamIndexBuilder().layout() == nil)
    #expect(StreamIndexBuilder().build() == nil)
    #expect(FrameSummary([]) == nil)
  }

  @Test("A hundred thousand streams are kept apart, and found again")
  func manyStreams() throws {
    let count = 100_000
    let events = (0..<count).map { LineSamples.event(stream: StreamName("s\($0)"), number: EventNumber($0)) }
    var builder = StreamIndexBuilder()
    builder.append(digest: .zero, summary: try #require(FrameSummary(events)))
    builder.append(digest: .zero, summary: try #require(FrameSummary(events.reversed().map { later($0) })))
    let index = try #require(builder.build())
    #expect(index.streams.count == count)
    for number in stride(from: 0, to: count, by: 997) {
      let span = index.stream(StreamName("s\(number)"))?.span
      #expect(span == StreamSpan(events: 2, first: EventNumber(number), last: EventNumber(number) + 1))
    }
  }

  private func later(_ event: RecordedEvent) -> RecordedEvent {
    var event = event
    event.number += 1
    return event
  }
}
