package import EventStoreCore

/// Events of a stream with neighbouring numbers that have other numbers, or another stream, on the target.
package struct MovedEvents: Hashable, Sendable {
  /// The stream in the archive.
  package var stream: StreamName
  /// The first number in the archive.
  package var first: EventNumber
  /// The last number in the archive.
  package var last: EventNumber
  /// The stream on the target.
  package var targetStream: StreamName
  /// The number that the first has on the target.
  package var targetFirst: EventNumber
}

/// Where the list of moved events goes.
package protocol MovedEventsSink: Sendable {
  /// Keeps some more entries, in the order of the streams' names.
  /// - Throws: whatever makes keeping them impossible; the run ends with it.
  func moved(_ entries: [MovedEvents]) async throws
}

/// Which number an archived event has on the target.
struct NumberMap: Sendable {
  private let numbers: RestoreNumbers
  private let shapes: [StreamName: StreamShape]

  /// - Parameter shapes: What the restore takes of streams that do not begin at 0 or have holes.
  init(_ numbers: RestoreNumbers, shapes: [StreamName: StreamShape]) {
    self.numbers = numbers
    self.shapes = shapes
  }

  /// The number on the target of an event that is restored.
  func number(of number: EventNumber, in stream: StreamName) -> EventNumber {
    guard numbers == .renumber, let shape = shapes[stream] else { return number }
    return shape.ordinal(of: number)
  }

  /// What `$tb` becomes: the number of the first restored event that it lets through, else the one after the last.
  func truncateBefore(_ number: EventNumber, of stream: StreamName) -> EventNumber {
    number == .deleted ? number : self.number(of: number, in: stream)
  }

  /// How many fillers stand before the stream's first event on the target, as far as the restore makes it.
  func fillersBefore(_ stream: StreamName) -> EventNumber {
    guard numbers == .preserve, let first = shapes[stream]?.ranges.first else { return 0 }
    return first.lowerBound
  }

  /// The entries of the list of moved events for one stream.
  func moved(_ stream: StreamName, to target: StreamName, last: EventNumber) -> [MovedEvents] {
    guard let shape = shapes[stream] else {
      guard stream != target else { return [] }
      return [MovedEvents(stream: stream, first: 0, last: last, targetStream: target, targetFirst: 0)]
    }
    return shape.ranges.compactMap { range in
      let first = number(of: range.lowerBound, in: stream)
      guard first != range.lowerBound || stream != target else { return nil }
      return MovedEvents(
        stream: stream, first: range.lowerBound, last: range.upperBound, targetStream: target, targetFirst: first)
    }
  }
}
