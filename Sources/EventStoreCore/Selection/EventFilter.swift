/// Which events are taken, by the names of their streams and types.
///
/// An event is taken if it matches some pattern of each kind of include that there is, and no pattern of any exclude. A
/// metadata stream `$$x` is judged by `x`, so that a stream and its metadata are taken or left together. Patterns for types
/// leave stream metadata and tombstones alone: a stream that is taken needs them to be the same stream again. Links are
/// judged by their own stream and by their type, `$>`.
///
/// The filter is a plain value, the same whatever the order in which its patterns were given; `EventSelector` is the one that
/// decides.
package struct EventFilter: Hashable, Sendable {
  /// Only streams that match one of these; none for all. Sorted, each once, as the others.
  package let includeStreams: [NamePattern]
  /// No streams that match one of these.
  package let excludeStreams: [NamePattern]
  /// Only types that match one of these; none for all.
  package let includeTypes: [NamePattern]
  /// No types that match one of these.
  package let excludeTypes: [NamePattern]

  package init(
    includeStreams: [NamePattern] = [], excludeStreams: [NamePattern] = [], includeTypes: [NamePattern] = [],
    excludeTypes: [NamePattern] = []
  ) {
    self.includeStreams = Set(includeStreams).sorted()
    self.excludeStreams = Set(excludeStreams).sorted()
    self.includeTypes = Set(includeTypes).sorted()
    self.excludeTypes = Set(excludeTypes).sorted()
  }

  /// The filter that takes everything.
  package static let everything = EventFilter()

  /// Whether there is no pattern, so that everything is taken.
  package var takesEverything: Bool { self == .everything }

  /// Everything that is wrong with the patterns, in sentences for people; empty when nothing is.
  package var problems: [String] {
    (includeStreams + excludeStreams + includeTypes + excludeTypes).compactMap(\.problem)
  }
}

extension EventFilter: CustomStringConvertible {
  /// The patterns for people: `only streams "order-" or "~^cart", no types "Test"`; empty when there are none.
  package var description: String {
    [
      Self.phrase("only streams", includeStreams), Self.phrase("no streams", excludeStreams),
      Self.phrase("only types", includeTypes), Self.phrase("no types", excludeTypes),
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private static func phrase(_ what: String, _ patterns: [NamePattern]) -> String? {
    if patterns.isEmpty { return nil }
    return what + " " + patterns.map { "\"\($0)\"" }.joined(separator: " or ")
  }
}
