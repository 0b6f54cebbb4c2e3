/// Which events of `$all` are wanted, by their types or by their streams.
///
/// A link is judged by its own stream and by its type, `$>`. Names are compared as bytes. A regular expression is looked for
/// anywhere in the name; `^` and `$` tie it to the name's ends.
public struct AllFilter: Hashable, Sendable {
  /// What is compared.
  package enum Subject: Hashable, Sendable {
    case streamName
    case eventType
  }

  /// How it is compared.
  package enum Condition: Hashable, Sendable {
    case prefixes([String])
    case regularExpression(String)
  }

  /// What is compared.
  package let subject: Subject
  /// How it is compared.
  package let condition: Condition

  private init(_ subject: Subject, _ condition: Condition) {
    self.subject = subject
    self.condition = condition
  }

  /// Events of streams whose names begin with one of these.
  public static func streams(beginningWith prefixes: String...) -> AllFilter {
    AllFilter(.streamName, .prefixes(prefixes))
  }

  /// Events of streams in whose names this regular expression is found.
  public static func streams(matching regularExpression: String) -> AllFilter {
    AllFilter(.streamName, .regularExpression(regularExpression))
  }

  /// Events whose types begin with one of these.
  public static func types(beginningWith prefixes: String...) -> AllFilter {
    AllFilter(.eventType, .prefixes(prefixes))
  }

  /// Events in whose types this regular expression is found.
  public static func types(matching regularExpression: String) -> AllFilter {
    AllFilter(.eventType, .regularExpression(regularExpression))
  }
}

/// Decides for an `AllFilter` which events are wanted; can be asked from any thread.
package struct AllFilterSelector: Sendable {
  private enum Names: Sendable {
    case streams(NameSelection<StreamName>)
    case types(NameSelection<EventType>)
  }

  private let names: Names

  /// - Throws: `invalidArgument` for a filter without prefixes, or whose regular expression cannot be read.
  package init(_ filter: AllFilter) throws(EventStoreError) {
    let patterns: [NamePattern]
    switch filter.condition {
    case .prefixes(let prefixes): patterns = prefixes.map(NamePattern.init(prefix:))
    case .regularExpression(let text): patterns = [NamePattern("~\(text)")]
    }
    if patterns.isEmpty { throw EventStoreError(.invalidArgument, "a filter by prefixes needs a prefix") }
    if let problem = patterns.lazy.compactMap(\.problem).first { throw EventStoreError(.invalidArgument, problem) }
    switch filter.subject {
    case .streamName: names = .streams(NameSelection(include: patterns, exclude: []))
    case .eventType: names = .types(NameSelection(include: patterns, exclude: []))
    }
  }

  /// Whether the event, or the link to it, is wanted.
  package func takes(_ event: ResolvedEvent) -> Bool {
    guard let received = event.received else { return false }
    switch names {
    case .streams(let names): return names.takes(received.stream)
    case .types(let names): return names.takes(received.type)
    }
  }
}

extension NamePattern {
  /// The pattern of names that begin with exactly this.
  fileprivate init(prefix: String) {
    guard prefix.utf8.first == UInt8(ascii: "~") else {
      self.init(prefix)
      return
    }
    let quoted = prefix.map { $0.isASCII && !$0.isLetter && !$0.isNumber ? "\\\($0)" : "\($0)" }
    self.init("~^" + quoted.joined())
  }
}
