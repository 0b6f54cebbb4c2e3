import TestSupport

/// What a proxy does to one connection.
struct ConnectionFault: Hashable, Sendable {
  /// How fast bytes pass.
  enum Pace: Hashable, Sendable {
    /// At once.
    case free
    /// Each piece so much later.
    case delayed(Duration)
    /// So many bytes at a time, and then a pause.
    case throttled(bytes: Int, pause: Duration)
  }

  /// How it ends, beside by the will of its two sides.
  enum End: Hashable, Sendable {
    /// Not.
    case none
    /// Both sides are closed after so many bytes, whatever is cut by that.
    case cut(afterBytes: Int)
    /// After so many bytes everything is swallowed, and neither side is told.
    case halfOpen(afterBytes: Int)
  }

  var pace = Pace.free
  var end = End.none

  /// Whatever comes passes.
  static let none = ConnectionFault()
}

extension ConnectionFault {
  /// A plan for the first `count` connections that depends on the seed alone: each ends badly within `bytes` bytes.
  static func plan(seed: UInt64, count: Int, within bytes: Int) -> [ConnectionFault] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in
      // Some at once, so that connecting itself is hit too.
      let after = random.oneIn(4) ? random.below(100) : random.below(bytes)
      let pace: Pace =
        switch random.below(4) {
        case 0: .delayed(.microseconds(100 + random.below(3000)))
        case 1: .throttled(bytes: 1 + random.below(8000), pause: .microseconds(100 + random.below(2000)))
        default: .free
        }
      return ConnectionFault(pace: pace, end: random.oneIn(3) ? .halfOpen(afterBytes: after) : .cut(afterBytes: after))
    }
  }
}
