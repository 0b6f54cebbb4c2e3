internal import CEventStoreProtos

/// Which events of `$all` a filtered read or subscription gives (20.6 and later).
package struct ServerFilter: Hashable, Sendable {
  /// What is compared.
  package enum Subject: UInt32, Hashable, Sendable, CaseIterable {
    case streamName = 0
    case eventType = 1
  }

  /// How it is compared.
  package enum Kind: UInt32, Hashable, Sendable, CaseIterable {
    case regularExpression = 0
    case prefixes = 1
  }

  /// What is compared.
  package var subject: Subject
  /// How it is compared.
  package var kind: Kind
  /// The regular expression, alone, or the prefixes.
  package var patterns: [String]

  package init(subject: Subject, kind: Kind, patterns: [String]) {
    self.subject = subject
    self.kind = kind
    self.patterns = patterns
  }
}

extension MessageWriting {
  func filter(_ filter: ServerFilter) -> UnsafeMutablePointer<Eventstore__Filter> {
    let message = make(eventstore__filter__init)
    set(&message.pointee.context, &message.pointee.has_context, filter.subject)
    set(&message.pointee.type, &message.pointee.has_type, filter.kind)
    message.pointee.n_data = filter.patterns.count
    message.pointee.data = repeated(filter.patterns) { copy($0.utf8) }
    return message
  }
}

extension MessageReading {
  func filter(_ pointer: UnsafeMutablePointer<Eventstore__Filter>?) throws(WireError) -> ServerFilter? {
    guard let message = pointer?.pointee else { return nil }
    return ServerFilter(
      subject: try value(message.context, "subject of a filter"), kind: try value(message.type, "kind of filter"),
      patterns: UnsafeBufferPointer(start: message.data, count: message.n_data).map { text($0) })
  }
}
