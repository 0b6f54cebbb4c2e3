import EventStoreCore

/// How many events the next page of a stream asks for, so that pages weigh about as much as planned.
struct PageBudget: Hashable, Sendable {
  private static let counts = 1...1000

  private let bytes: Int
  /// How many events the next page asks for.
  private(set) var count: Int

  init(bytes: Int = 1 << 20, firstCount: Int = 32) {
    self.bytes = bytes
    count = min(max(firstCount, Self.counts.lowerBound), Self.counts.upperBound)
  }

  /// These events came.
  mutating func received(_ events: [RecordedEvent]) {
    guard !events.isEmpty else { return }
    let weight = events.reduce(0) { $0 + $1.data.count + $1.metadata.count } / events.count + 100
    count = min(max(bytes / weight, Self.counts.lowerBound), Self.counts.upperBound)
  }
}
