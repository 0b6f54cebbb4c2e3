extension ArchiveGap.Extent: CustomStringConvertible {
  public var description: String {
    switch self {
    case .stream(let stream): "stream \(stream)"
    case .numbers(let stream, let numbers) where numbers.count == 1: "stream \(stream), event \(numbers.lowerBound)"
    case .numbers(let stream, let numbers): "stream \(stream), events \(numbers.lowerBound) to \(numbers.upperBound)"
    case .positions(let after, let before): "everything after \(after) and before \(before)"
    }
  }
}
