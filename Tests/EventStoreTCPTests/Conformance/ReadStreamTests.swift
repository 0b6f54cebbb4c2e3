import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: reading a stream", .timeLimit(.minutes(5)))
struct ReadStreamTests {
  @Test("Pages follow each other to the end, forward", arguments: Implementation.allCases)
  func forward(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let sent = events(10)
      _ = try await place.store.append(sent, to: "s", expected: .noStream)
      let pages = try await place.store.pages(of: "s", from: 0, size: 4)
      #expect(pages.map(\.numbers) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
      #expect(pages.map(\.isEndOfStream) == [false, false, true])
      #expect(pages.map(\.nextEventNumber) == [4, 8, 10])
      #expect(pages.allSatisfy { $0.status == .found && $0.lastEventNumber == 9 })
      #expect(pages.flatMap(\.events).map { $0.event?.id } == sent.map(\.id))
    }
  }

  @Test("Pages follow each other to the beginning, backward", arguments: Implementation.allCases)
  func backward(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(10), to: "s", expected: .noStream)
      let pages = try await place.store.pages(of: "s", .backward, from: .streamEnd, size: 4)
      #expect(pages.map(\.numbers) == [[9, 8, 7, 6], [5, 4, 3, 2], [1, 0]])
      #expect(pages.map(\.isEndOfStream) == [false, false, true])
      #expect(pages.dropLast().map(\.nextEventNumber) == [5, 1])
      let middle = try await place.store.readStream("s", .backward, from: 5, maximumCount: 2, resolveLinks: false)
      #expect(middle.numbers == [5, 4])
      let beyond = try await place.store.readStream("s", .backward, from: 20, maximumCount: 100, resolveLinks: false)
      #expect(beyond.numbers == Array((0...9).reversed()))
      #expect(beyond.isEndOfStream)
    }
  }

  @Test(
    "A page that ends with the last event is the end, and the one after it is empty", arguments: Implementation.allCases
  )
  func pageEnds(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(10), to: "s", expected: .noStream)
      for (from, size, numbers, isEnd) in [
        (0, 9, Array(0...8), false), (0, 10, Array(0...9), true), (0, 4095, Array(0...9), true), (9, 1, [9], true),
        (10, 5, [], true), (1000, 5, [], true),
      ] as [(EventNumber, Int, [EventNumber], Bool)] {
        let page = try await place.store.readStream("s", .forward, from: from, maximumCount: size, resolveLinks: false)
        #expect(page.numbers == numbers, "from \(from), \(size)")
        #expect(page.isEndOfStream == isEnd, "from \(from), \(size)")
        #expect(page.lastEventNumber == 9)
        if from <= 10 { #expect(page.nextEventNumber == from + EventNumber(numbers.count)) }
      }
    }
  }

  @Test("What truncate-before hides is a hole at the beginning, not the end", arguments: Implementation.allCases)
  func truncateBefore(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(10), to: "s", expected: .noStream)
      try await place.store.setMetadata("{\"$tb\":6}", of: "s")
      let pages = try await place.store.pages(of: "s", from: 0, size: 2)
      #expect(pages.map(\.numbers) == [[], [6, 7], [8, 9]])
      #expect(pages[0].isEndOfStream == false && pages[0].nextEventNumber == 6)
      let backward = try await place.store.pages(of: "s", .backward, from: .streamEnd, size: 3)
      #expect(backward.flatMap(\.numbers) == [9, 8, 7, 6])
      let before = try await place.store.readStream("s", .backward, from: 4, maximumCount: 3, resolveLinks: false)
      #expect(before.numbers.isEmpty && before.isEndOfStream)
    }
  }

  @Test("$maxCount leaves the newest events, and $all keeps the others", arguments: Implementation.allCases)
  func maximumCount(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(10), to: "s", expected: .noStream)
      try await place.store.setMetadata("{\"$maxCount\":3}", of: "s")
      #expect(try await place.store.pages(of: "s", from: 0, size: 20).flatMap(\.numbers) == [7, 8, 9])
      #expect(
        try await place.store.pages(of: "s", .backward, from: .streamEnd, size: 2).flatMap(\.numbers) == [9, 8, 7])
      let all = try await place.store.allPages(.forward, from: .start, size: 100).flatMap(\.events)
      #expect(all.filter { $0.event?.stream == "s" }.count == 10)
    }
  }

  @Test("A stream emptied by truncate-before is there, and ends where it ended", arguments: Implementation.allCases)
  func allTruncated(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      _ = try await place.store.append(events(5), to: "s", expected: .noStream)
      try await place.store.setMetadata("{\"$tb\":5}", of: "s")
      let pages = try await place.store.pages(of: "s", from: 0, size: 3)
      #expect(pages.flatMap(\.numbers) == [])
      #expect(pages.last?.isEndOfStream == true)
      #expect(pages.last?.status == .found && pages.last?.lastEventNumber == 4)
    }
  }

  @Test("A stream that never was, a soft- and a hard-deleted one are told apart", arguments: Implementation.allCases)
  func missing(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for stream in ["soft", "hard"] as [StreamName] {
        _ = try await place.store.append(events(3), to: stream, expected: .noStream)
        try await place.store.delete(stream, expected: .exactly(2), hard: stream == "hard")
      }
      let expectations: [(StreamName, StreamPage.Status, EventNumber)] = [
        ("never", .noStream, -1), ("soft", .noStream, 2), ("hard", .deleted, .deleted),
      ]
      for (stream, status, last) in expectations {
        for (direction, from) in [(.forward, 0), (.backward, .streamEnd)] as [(ReadDirection, EventNumber)] {
          let page = try await place.store.readStream(
            stream, direction, from: from, maximumCount: 10, resolveLinks: false)
          #expect(page.status == status && page.lastEventNumber == last, "\(stream) \(direction)")
          #expect(page.events.isEmpty && page.isEndOfStream, "\(stream) \(direction)")
        }
      }
    }
  }

  @Test("A page has 1 to 4095 events; the server is not asked for others", arguments: Implementation.allCases)
  func pageSize(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      for size in [Int.min, -1, 0, 4096, Int.max] {
        let ofStream = await #expect(throws: EventStoreError.self) {
          try await place.store.readStream("s", .forward, from: 0, maximumCount: size, resolveLinks: false)
        }
        let ofAll = await #expect(throws: EventStoreError.self) {
          try await place.store.readAll(.forward, from: .start, maximumCount: size, resolveLinks: false)
        }
        #expect(ofStream?.code == .invalidArgument && ofAll?.code == .invalidArgument, "\(size)")
      }
    }
  }

  @Test("A stream without a name is refused", arguments: Implementation.allCases)
  func noName(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let page = await #expect(throws: EventStoreError.self) {
        try await place.store.readStream("", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      }
      let event = await #expect(throws: EventStoreError.self) {
        try await place.store.readEvent("", number: 0, resolveLinks: false)
      }
      #expect(page?.code == .invalidArgument && event?.code == .invalidArgument)
    }
  }
}

extension EventWriter {
  /// Writes a stream's metadata, whatever they were before.
  func setMetadata(_ json: Bytes, of stream: StreamName) async throws {
    _ = try await append(
      [ProposedEvent(type: .streamMetadata, isJSON: true, data: json)], to: stream.metadataStream, expected: .any)
  }
}
