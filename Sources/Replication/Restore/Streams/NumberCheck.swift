import EventStoreCore

/// Whether the archived events of a stream can have the numbers that the restore wants them to have on the target.
struct NumberCheck: Hashable, Sendable {
  private let shape: StreamShape?
  private let numbers: RestoreNumbers
  private let maximumFillers: EventNumber

  /// - Parameter shape: Which numbers the restore takes from the archive; nil for all from 0 on.
  init(_ shape: StreamShape?, _ rules: StreamRules) {
    self.shape = shape
    numbers = rules.numbers
    maximumFillers = rules.fillers.maximum
  }

  /// Whether they can on a target that ends there.
  func fits(_ head: TargetHead) -> Bool {
    guard let shape else { return true }
    return switch numbers {
    case .strict: shape.fits(after: head.last)
    case .renumber: true
    case .preserve: shape.holes(after: head.last) <= maximumFillers
    }
  }

  /// The first event that cannot have its number; nil when the archive's shape does not tell.
  func firstMisfit(_ head: TargetHead) -> EventNumber? {
    shape?.firstBeyondHole(after: head.last)
  }

  /// Why it cannot.
  func reason(_ head: TargetHead) -> String {
    if numbers == .preserve, let holes = shape?.holes(after: head.last) {
      return "it would take \(holes) fillers, more than \(maximumFillers)"
    }
    let before = "the archive does not hold the events right before this one, and "
    return before
      + (head.last < 0 ? "a new stream begins at 0" : "the target's stream ends at \(head.last)")
  }
}
