/// The names that match some include, if there is one, and no exclude.
///
/// Prefixes are compared each time. What regular expressions say is remembered for each name, up to a limit: a log has many
/// events and few names, and even a simple expression takes about ten times as long as looking a name up.
struct NameSelection<Name: ByteName>: Sendable {
  /// Prefixes as bytes.
  private let includePrefixes: [[UInt8]]
  private let excludePrefixes: [[UInt8]]
  private let expressions: Locked<NameExpressions<Name>>?
  private let hasInclude: Bool

  /// Patterns without problems.
  init(include: [NamePattern], exclude: [NamePattern], rememberedNames: Int = 65_536) {
    includePrefixes = Self.prefixes(include)
    excludePrefixes = Self.prefixes(exclude)
    hasInclude = !include.isEmpty
    let hasExpressions = include.count + exclude.count > includePrefixes.count + excludePrefixes.count
    expressions =
      hasExpressions ? Locked(NameExpressions(include: include, exclude: exclude, limit: rememberedNames)) : nil
  }

  /// Whether there is no pattern.
  var takesEverything: Bool { !hasInclude && excludePrefixes.isEmpty && expressions == nil }

  /// Whether the name is taken.
  func takes(_ name: Name) -> Bool {
    if excludePrefixes.contains(where: { name.utf8.starts(with: $0) }) { return false }
    let isIncluded = !hasInclude || includePrefixes.contains { name.utf8.starts(with: $0) }
    guard let expressions else { return isIncluded }
    let verdict = expressions.withLock { $0.verdict(on: name) }
    return (isIncluded || verdict.isIncluded) && !verdict.isExcluded
  }

  private static func prefixes(_ patterns: [NamePattern]) -> [[UInt8]] {
    patterns.compactMap { pattern in
      switch pattern.kind {
      case .prefix(let text): Array(text.utf8)
      case .regularExpression: nil
      }
    }
  }
}

/// The regular expressions of a selection, and what they said.
struct NameExpressions<Name: ByteName> {
  /// What they say of a name.
  struct Verdict: Sendable {
    var isIncluded: Bool
    var isExcluded: Bool
  }

  /// Longer names are not remembered, so that the memory has a limit in bytes too.
  private static var longestRemembered: Int { 512 }

  private let include: [Regex<AnyRegexOutput>]
  private let exclude: [Regex<AnyRegexOutput>]
  private let limit: Int
  private var remembered: [Name: Verdict] = [:]

  init(include: [NamePattern], exclude: [NamePattern], limit: Int) {
    self.include = Self.compiled(include)
    self.exclude = Self.compiled(exclude)
    self.limit = limit
  }

  /// How many names are remembered.
  var rememberedCount: Int { remembered.count }

  /// What the expressions say of the name.
  mutating func verdict(on name: Name) -> Verdict {
    if let verdict = remembered[name] { return verdict }
    let text = name.description
    let verdict = Verdict(
      isIncluded: include.contains { Self.isFound($0, in: text) },
      isExcluded: exclude.contains { Self.isFound($0, in: text) })
    if name.utf8.count <= Self.longestRemembered {
      if remembered.count >= limit { remembered.removeAll(keepingCapacity: true) }
      remembered[name] = verdict
    }
    return verdict
  }

  private static func compiled(_ patterns: [NamePattern]) -> [Regex<AnyRegexOutput>] {
    patterns.compactMap { pattern in
      switch pattern.kind {
      case .prefix: nil
      case .regularExpression(let text): compiled(text)
      }
    }
  }

  private static func compiled(_ text: String) -> Regex<AnyRegexOutput> {
    do {
      // Names are bytes: letters that only look the same are not.
      return try Regex(text).matchingSemantics(.unicodeScalar)
    } catch {
      // To go on without it would take what was to be left out.
      preconditionFailure("a selection is made of patterns without problems: \(error)")
    }
  }

  private static func isFound(_ expression: Regex<AnyRegexOutput>, in text: String) -> Bool {
    // Only a transforming closure can throw, and a text has none.
    (try? expression.firstMatch(in: text)) != nil
  }
}
