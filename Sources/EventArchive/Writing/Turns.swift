/// Lets the calls of an actor take turns, each running to its end although it waits in between.
struct Turns {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Takes the turn if it is free.
  mutating func takeIfFree() -> Bool {
    if isTaken { return false }
    isTaken = true
    return true
  }

  /// Queues for the turn, which is then handed over taken.
  mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
    waiting.append(continuation)
  }

  /// Hands the turn to whoever has waited longest.
  mutating func end() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
