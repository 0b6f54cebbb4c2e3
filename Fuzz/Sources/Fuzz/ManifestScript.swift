/// The lines of a manifest in few bytes, so that changes of them are other segments and positions, and not only other text.
///
/// The first byte tells the scope; then six bytes make a line: what it is, and the small numbers in it.
enum ManifestScript {
  private static let bytesPerLine = 6
  /// More lines say nothing new, and take long.
  private static let maximumLines = 12

  static let samples: [[UInt8]] = [
    [0] + [0, 1, 1, 1, 2, 2] + [0, 2, 3, 2, 4, 4] + [1, 5, 4, 0, 0, 0] + [2, 2, 2, 3, 2, 0],
    [0] + [0, 1, 1, 1, 2, 2] + [0, 2, 3, 2, 4, 4] + [4, 1, 2, 1, 1, 0],
    [1] + [0, 1, 7, 0, 0, 0] + [3, 3, 5, 0, 0, 0] + [0, 2, 8, 1, 0, 0],
  ]

  /// The lines, each without its last members and the closing brace.
  static func lines(_ script: ArraySlice<UInt8>) -> [String] {
    let isAll = script.first.map { $0 & 1 == 0 } ?? true
    let rest = Array(script.dropFirst().prefix(maximumLines * bytesPerLine))
    let lines = stride(from: 0, through: rest.count - bytesPerLine, by: bytesPerLine).map { start in
      line(rest[start], rest[(start + 1)..<(start + bytesPerLine)].map { Int($0 & 15) }, isAll: isAll)
    }
    return [SampleManifests.archive(ofAll: isAll)] + lines
  }

  private static func line(_ kind: UInt8, _ numbers: [Int], isAll: Bool) -> String {
    let one = SampleManifests.Place(numbers[1], numbers[2])
    let other = SampleManifests.Place(numbers[3], numbers[4])
    return switch kind % 5 {
    case 0 where isAll: SampleManifests.segmentLine(numbers[0], from: one, to: other)
    case 0: SampleManifests.segmentLine(numbers[0], a: numbers[1], other: numbers[2])
    case 1: SampleManifests.checkpointLine(SampleManifests.Place(numbers[0], numbers[1]))
    case 2: SampleManifests.gapLine(after: SampleManifests.Place(numbers[0], numbers[1]), before: other)
    case 3: SampleManifests.gapLine(numbers[0], numbers[1])
    default: SampleManifests.rewriteLine(numbers[0], numbers[1], with: numbers[2], revision: numbers[3])
    }
  }
}
