import EventStoreCore
import EventStoreWire

/// Which events a filtered read or subscription gives, as servers from 20.6 on decide it.
struct EventCondition: Sendable {
  private let subject: ServerFilter.Subject
  private let prefixes: [[UInt8]]
  private let expression: Locked<Regex<AnyRegexOutput>>?

  /// - Throws: `badRequest` for a filter without patterns, or whose regular expression cannot be read.
  init(_ filter: ServerFilter?) throws(RequestFailure) {
    guard let filter, let first = filter.patterns.first else { throw .badRequest }
    subject = filter.subject
    switch filter.kind {
    case .prefixes:
      prefixes = filter.patterns.map { Array($0.utf8) }
      expression = nil
    case .regularExpression:
      guard let regex = try? Regex(first) else { throw .badRequest }
      prefixes = []
      // As in .NET, and as the client does it: a letter and its accent are two.
      expression = Locked(regex.matchingSemantics(.unicodeScalar))
    }
  }

  /// Whether the event, or the link to it, is given.
  func holds(for event: ResolvedEvent) -> Bool {
    guard let received = event.received else { return false }
    let name =
      switch subject {
      case .streamName: received.stream.utf8
      case .eventType: received.type.utf8
      }
    if prefixes.contains(where: { name.starts(with: $0) }) { return true }
    let text = String(decoding: name, as: UTF8.self)
    return expression?.withLock { (try? $0.firstMatch(in: text)) != nil } ?? false
  }
}
