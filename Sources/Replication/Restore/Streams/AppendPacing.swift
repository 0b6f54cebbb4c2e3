import EventStoreCore

/// Decides how large an append may be, and how much may be under way, on a link that may be slow.
///
/// A server hears life in whole frames only: an append that takes longer than the server waits for one is cut off however often
/// it is sent. So when connections are lost, or answers do not come in time, twice without a success in between, appends
/// become smaller, and what is under way with them. While all goes well they grow again, slowly.
struct AppendPacing: Hashable, Sendable {
  /// An append that is under way.
  struct Ticket: Hashable, Sendable {
    fileprivate var weight: Int
    fileprivate var generation: Int
  }

  /// How an append ended.
  enum Ending: Hashable, Sendable {
    /// The server has answered, whatever it said.
    case answered
    /// It was sent, and no answer will come.
    case lost
    /// There was no server to send it to.
    case notSent
  }

  /// No append gets smaller than this because of losses, but for single events. In three seconds it passes at 170 kbit/s.
  static let minimumBytes = 64 << 10
  /// How many appends of the greatest size may be under way: for more of them answers would not come in time.
  private static let appendsUnderWay = 4
  /// How many losses without a success in between make appends smaller: one node that ends is one loss.
  private static let lossesToShrink = 2
  /// How many successes in a row make them a quarter larger.
  private static let successesToGrow = 64

  /// The most bytes that an append may have now; a single event may be more.
  private(set) var maximumBytes: Int
  private let initialBytes: Int
  private var bytesUnderWay = 0
  /// Counts losses: all appends that are under way when a connection is lost are one loss.
  private var generation = 0
  private var losses = 0
  private var successes = 0
  /// The largest append that was under way since the last loss.
  private var heaviest = 0

  /// - Parameter maximumBytes: The most bytes that an append may have while all goes well.
  init(maximumBytes: Int) {
    (self.maximumBytes, initialBytes) = (maximumBytes, maximumBytes)
  }

  /// How many of the events whose weights these are one append may have now: one or more.
  func count(of weights: some Sequence<Int>) -> Int {
    var bytes = 0
    var count = 0
    for weight in weights {
      bytes += weight
      guard count == 0 || bytes <= maximumBytes else { break }
      count += 1
    }
    return count
  }

  /// An append of so many bytes begins, if it may; nil while too much is under way.
  mutating func begin(_ weight: Int) -> Ticket? {
    guard bytesUnderWay == 0 || bytesUnderWay + weight <= maximumBytes * Self.appendsUnderWay else { return nil }
    bytesUnderWay += weight
    heaviest = max(heaviest, weight)
    return Ticket(weight: weight, generation: generation)
  }

  /// The append has ended.
  mutating func ended(_ ticket: Ticket, _ ending: Ending) {
    bytesUnderWay -= ticket.weight
    switch ending {
    case .answered: answered()
    case .lost: lost(ticket)
    case .notSent: break
    }
  }

  private mutating func answered() {
    losses = 0
    successes += 1
    guard successes >= Self.successesToGrow else { return }
    successes = 0
    maximumBytes = min(maximumBytes + maximumBytes / 4, initialBytes)
  }

  private mutating func lost(_ ticket: Ticket) {
    guard ticket.generation == generation else { return }
    generation += 1
    successes = 0
    losses += 1
    if losses >= Self.lossesToShrink {
      losses = 0
      let smaller = min(maximumBytes, heaviest) / 4
      maximumBytes = min(maximumBytes, max(smaller, Self.minimumBytes))
    }
    heaviest = 0
  }
}

extension AppendPacing.Ending {
  /// How an append ended that failed.
  init(_ error: any Error) {
    switch error {
    case let error as EventStoreError where error.code == .connectionLost || error.code == .timedOut: self = .lost
    case Interruption.timedOut: self = .lost
    case let error as EventStoreError where !error.isTransient: self = .answered
    default: self = .notSent
    }
  }
}
