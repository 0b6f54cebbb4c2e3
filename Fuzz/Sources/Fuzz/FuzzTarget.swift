/// Something that is given any bytes whatever.
protocol FuzzTarget: SendableMetatype {
  /// What FUZZ_TARGET calls it.
  static var name: String { get }

  /// Inputs to begin with: what the bytes look like when all is well.
  static func seeds(_ samples: Samples) throws -> [[UInt8]]

  /// Words that mean something in the middle of an input, and that no fuzzer guesses.
  static var words: [String] { get }

  /// Does with the bytes what the program does with them, and claims what must hold whatever they are.
  static func run(_ input: [UInt8])
}

extension FuzzTarget {
  static var words: [String] { [] }
}

/// All targets.
enum Catalog {
  static let targets: [any FuzzTarget.Type] = [
    FrameTarget.self, MessageTarget.self, LineTarget.self, ManifestTarget.self, SegmentTarget.self,
    SeekTableTarget.self, StreamIndexTarget.self, MetadataTarget.self, ConnectionStringTarget.self, GossipTarget.self,
  ]

  /// The one that the environment names; nil when it names none.
  static let chosen = Environment["FUZZ_TARGET"].flatMap { name in targets.first { $0.name == name } }
}
