import EventStoreCore

/// Where an iteration stands: says which page to read next, and which of its events are wanted.
protocol PageWalk {
  associatedtype Place
  associatedtype Page

  /// Where the next page begins; nil when there is nothing more.
  var next: Place? { get }

  /// A page came; the events of it that are wanted.
  mutating func pageRead(_ page: Page) -> [ResolvedEvent]
}

/// The events that a walk passes, one after another; nothing is read before the first is asked for.
struct WalkedEvents<Walk: PageWalk & Sendable>: Sendable {
  private let begin: @Sendable () async throws -> Walk
  private let read: @Sendable (Walk.Place) async throws -> Walk.Page
  private var walk: Walk?
  private var batch: [ResolvedEvent] = []
  private var given = 0

  /// - Parameters:
  ///   - begin: makes the walk; called once.
  ///   - read: reads the page at a place.
  init(
    begin: @escaping @Sendable () async throws -> Walk,
    read: @escaping @Sendable (Walk.Place) async throws -> Walk.Page
  ) {
    self.begin = begin
    self.read = read
  }

  /// The next event; nil at the end.
  /// - Throws: `CancellationError`, and whatever reading throws.
  mutating func next() async throws -> ResolvedEvent? {
    try Task.checkCancellation()
    while given == batch.count {
      guard try await readBatch() else { return nil }
    }
    defer { given += 1 }
    return batch[given]
  }

  /// Reads the next batch, which can be empty; false at the end.
  private mutating func readBatch() async throws -> Bool {
    if walk == nil { walk = try await begin() }
    batch = []
    given = 0
    guard let place = walk?.next else { return false }
    let page = try await read(place)
    batch = walk?.pageRead(page) ?? []
    return true
  }
}
