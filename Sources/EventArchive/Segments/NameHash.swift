/// Hashes names for the tables of one process: other in every run, so that nobody can choose names that collide.
enum NameHash {
  private static let seed = UInt64.random(in: .min ... .max)
  /// Odd, and with about as many ones as zeros.
  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The hash of a name.
  @inline(__always)
  static func hash(_ name: UnsafeRawBufferPointer) -> UInt32 {
    var state = seed ^ UInt64(name.count) &* multiplier
    guard let start = name.baseAddress else { return finish(state) }
    var position = 0
    while position &+ 8 <= name.count {
      state = mix(state ^ (start + position).loadUnaligned(as: UInt64.self))
      position &+= 8
    }
    var rest: UInt64 = 0
    while position < name.count {
      rest = rest &<< 8 | UInt64(name[position])
      position &+= 1
    }
    return finish(mix(state ^ rest))
  }

  /// Both halves of a product, folded: every bit of the state changes about half of the result's.
  @inline(__always)
  private static func mix(_ state: UInt64) -> UInt64 {
    let (high, low) = state.multipliedFullWidth(by: multiplier)
    return high ^ low
  }

  @inline(__always)
  private static func finish(_ state: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: mix(state ^ seed) >> 17)
  }
}
