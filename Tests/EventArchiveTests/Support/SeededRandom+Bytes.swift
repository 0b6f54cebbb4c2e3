import TestSupport
import Testing

extension SeededRandom {
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
      let byte = alphabet.isEmpty || oneIn(4) ? UInt8(truncatingIfNeeded: next()) : pick(alphabet)
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
  _ property: (inout SeededRandom) throws -> Bool
) {
  for seed in first..<first + count {
    var generator = SeededRandom(seed: seed)
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
