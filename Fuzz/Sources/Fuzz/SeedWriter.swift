import Foundation

/// Writes the seeds of every target into a folder of its name, one file each, and its words into a dictionary beside it.
struct SeedWriter {
  let folder: String
  let samples: Samples

  func writeAll() throws {
    for target in Catalog.targets {
      let place = URL(filePath: folder).appending(path: target.name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      // The same bytes twice would only take time.
      let seeds = Set(try target.seeds(samples))
      guard !seeds.isEmpty else { throw NoSeeds(target: target.name) }
      for (number, seed) in seeds.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
        // A seed is a sound input: what must hold of all inputs holds of it.
        target.run(seed)
        try Data(seed).write(to: place.appending(path: "seed-\(number)"))
      }
      let dictionary = target.words.map { "\"\(Self.escaped($0))\"\n" }.joined()
      try Data(dictionary.utf8).write(to: URL(filePath: folder).appending(path: "\(target.name).words"))
    }
  }

  /// A word as libFuzzer's dictionaries have it.
  private static func escaped(_ word: String) -> String {
    word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  struct NoSeeds: Error {
    let target: String
  }
}
