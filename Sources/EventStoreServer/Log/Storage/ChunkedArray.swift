/// An array that only grows, in chunks: growing never moves what is already there.
struct ChunkedArray<Element> {
  private static var chunkBits: Int { 12 }
  private static var chunkCount: Int { 1 << chunkBits }

  private var chunks: [ContiguousArray<Element>] = []
  private(set) var count = 0

  /// Adds an element behind the last.
  mutating func append(_ element: Element) {
    if count & (Self.chunkCount - 1) == 0 {
      var chunk = ContiguousArray<Element>()
      chunk.reserveCapacity(Self.chunkCount)
      chunks.append(chunk)
    }
    chunks[count >> Self.chunkBits].append(element)
    count += 1
  }

  /// The element at this place, from 0 to below `count`.
  subscript(index: Int) -> Element {
    chunks[index >> Self.chunkBits][index & (Self.chunkCount - 1)]
  }

  /// The place of the first element that does not precede what is sought; `count` when all do.
  ///
  /// - Parameter precedes: true for some elements at the beginning and false for all others.
  func partitionPoint(where precedes: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if precedes(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
