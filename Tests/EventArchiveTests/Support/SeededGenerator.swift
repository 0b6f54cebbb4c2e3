import Testing

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound` - 1.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// Whether a thing happens that happens once in `times`.
  mutating func once(in times: Int) -> Bool {
    below(times) == 0
  }

  /// One of some things.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// So many random bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      var number = next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: number))
        number >>= 8
      }
    }
    return Array(bytes.prefix(count))
  }

  /// `bytes` with up to four small damages: a byte changed, taken out, put in, or a piece cut out or doubled.
  mutating func mutated(_ bytes: [UInt8], alphabet: [UInt8] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) {
      let place = bytes.isEmpty ? 0 : below(bytes.count)
      let byte = alphabet.isEmpty || once(in: 4) ? UInt8(truncatingIfNeeded: next()) : pick(alphabet)
      switch below(6) {
      case 0 where !bytes.isEmpty: bytes[place] = byte
      case 1 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(below(8))
      case 2 where !bytes.isEmpty: bytes.remove(at: place)
      case 3 where !bytes.isEmpty: bytes.removeSubrange(place..<min(place + below(20), bytes.count))
      case 4 where !bytes.isEmpty:
        bytes.insert(contentsOf: bytes[place..<min(place + below(20), bytes.count)], at: below(bytes.count))
      default: bytes.insert(byte, at: place)
      }
    }
    return bytes
  }
}

/// Runs a property for many seeds; a failure names the seed that shows it.
func forSeeds(
  _ count: UInt64, from first: UInt64, sourceLocation: SourceLocation = #_sourceLocation,
  _ property: (inout SeededGenerator) throws -> Bool
) {
  for seed in first..<first + count {
    var generator = SeededGenerator(seed: seed)
    do {
      guard try property(&generator) else {
        Issue.record("the property does not hold for the seed \(seed)", sourceLocation: sourceLocation)
        return
      }
    } catch {
      Issue.record("the seed \(seed) fails: \(error)", sourceLocation: sourceLocation)
      return
    }
  }
}
