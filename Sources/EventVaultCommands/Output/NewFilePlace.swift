package import EventStoreCore

/// Where a new file goes.
package enum NewFilePlace: Hashable, Sendable {
  /// To this path, and no other.
  case named(String)
  /// Beside an archive, under a name nobody has: the word and the moment, and a number from 2 on where that is taken.
  case beside(archive: String, word: String, moment: Timestamp)

  /// How many names are tried: more than there are programs that begin in the same second.
  private static let maximumNames = 1000

  /// The paths that may be taken, the preferred one first.
  package var paths: some Sequence<String> {
    let (stem, ending, last) = parts
    return (1...last).lazy.map { $0 == 1 ? stem + ending : "\(stem)-\($0)\(ending)" }
  }

  /// `/b/shop.rejects-20261124T201500Z` and `.ndjson`, and how many numbers may stand between.
  private var parts: (stem: String, ending: String, last: Int) {
    switch self {
    case .named(let path): return (path, "", 1)
    case .beside(let archive, let word, let moment):
      var directory = archive
      while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
      let digits = moment.description.prefix(19).filter { $0.isNumber || $0 == "T" }
      return ("\(directory).\(word)-\(digits)Z", ".ndjson", Self.maximumNames)
    }
  }
}
