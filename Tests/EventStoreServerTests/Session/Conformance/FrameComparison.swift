import EventStoreCore
import EventStoreWire
import NIOCore

/// Compares our frames with recorded ones: byte by byte, after volatile values were exchanged for the recorded ones.
struct FrameComparison {
  var values: VolatileValues

  /// What differs; nil when nothing does.
  mutating func difference(_ recorded: Frame, _ ours: Frame) throws -> String? {
    guard recorded.command == ours.command else { return "\(ours.command) instead of \(recorded.command)" }
    guard recorded.flags == ours.flags, ours.credentials == nil else { return "flags" }
    let adapted = try adapt(ours, to: recorded)
    return adapted.payload == recorded.payload ? nil : "\(adapted.text) instead of \(recorded.text)"
  }

  private mutating func adapt(_ ours: Frame, to recorded: Frame) throws -> Frame {
    switch recorded.command {
    case .writeEventsCompleted:
      return try adapt(ours, to: recorded, WriteEventsCompleted.self) { values, ours, recorded in
        values.written(ours.position.commit, recorded: recorded.position.commit)
        ours.position = values.recorded(ours.position, for: recorded.position)
      }
    case .deleteStreamCompleted:
      return try adapt(ours, to: recorded, DeleteStreamCompleted.self) { values, ours, recorded in
        values.written(ours.position.commit, recorded: recorded.position.commit)
        ours.position = values.recorded(ours.position, for: recorded.position)
      }
    case .transactionStartCompleted:
      return try adapt(ours, to: recorded, TransactionStartCompleted.self) { values, ours, recorded in
        values.written(ours.transactionID, recorded: recorded.transactionID)
        ours.transactionID = values.recorded(ours.transactionID, for: recorded.transactionID)
      }
    case .transactionWriteCompleted:
      return try adapt(ours, to: recorded, TransactionWriteCompleted.self) { values, ours, recorded in
        ours.transactionID = values.recorded(ours.transactionID, for: recorded.transactionID)
      }
    case .transactionCommitCompleted:
      return try adapt(ours, to: recorded, TransactionCommitCompleted.self) { values, ours, recorded in
        ours.transactionID = values.recorded(ours.transactionID, for: recorded.transactionID)
        ours.position = values.recorded(ours.position, for: recorded.position)
      }
    case .readEventCompleted:
      return try adapt(ours, to: recorded, ReadEventCompleted.self) { values, ours, recorded in
        ours.event = ours.event.map { values.adapt($0, to: recorded.event) }
      }
    case .readStreamEventsForwardCompleted, .readStreamEventsBackwardCompleted:
      return try adapt(ours, to: recorded, ReadStreamEventsCompleted.self) { values, ours, recorded in
        ours.events = values.adapt(ours.events, to: recorded.events)
        ours.lastCommitPosition = values.recorded(ours.lastCommitPosition, for: recorded.lastCommitPosition)
      }
    case .readAllEventsForwardCompleted, .readAllEventsBackwardCompleted:
      return try adapt(ours, to: recorded, ReadAllEventsCompleted.self) { $0.adapt(&$1, to: &$2) }
    case .subscriptionConfirmation:
      return try adapt(ours, to: recorded, SubscriptionConfirmation.self) { values, ours, recorded in
        ours.lastCommitPosition = values.recorded(ours.lastCommitPosition, for: recorded.lastCommitPosition)
      }
    case .streamEventAppeared:
      return try adapt(ours, to: recorded, StreamEventAppeared.self) { values, ours, recorded in
        ours.event = values.adapt(ours.event, to: recorded.event)
      }
    case .persistentSubscriptionConfirmation:
      return try adapt(ours, to: recorded, PersistentSubscriptionConfirmation.self) { values, ours, recorded in
        ours.lastCommitPosition = values.recorded(ours.lastCommitPosition, for: recorded.lastCommitPosition)
      }
    case .persistentSubscriptionStreamEventAppeared:
      return try adapt(ours, to: recorded, PersistentSubscriptionStreamEventAppeared.self) { values, ours, recorded in
        ours.event = values.adapt(ours.event, to: recorded.event)
      }
    case .scavengeDatabaseCompleted:
      return try adapt(ours, to: recorded, ScavengeDatabaseCompleted.self) { _, ours, recorded in
        ours.totalMilliseconds = ours.totalMilliseconds.flatMap { _ in recorded.totalMilliseconds }
      }
    default: return ours
    }
  }

  /// Our frame with recorded values; the recorded side is parsed too, so that what is left out on purpose is left out of both.
  private mutating func adapt<Message: WireMessage>(
    _ ours: Frame, to recorded: Frame, _ type: Message.Type,
    _ body: (inout VolatileValues, inout Message, inout Message) -> Void
  ) throws -> Frame {
    var message = try Message(ours)
    var original = try Message(recorded)
    let untouched = original
    body(&values, &message, &original)
    // What was taken out of the recorded message for comparing must not count as a difference.
    guard original == untouched else {
      return message == original ? recorded : message.frame(correlationID: ours.correlationID)
    }
    return message.frame(correlationID: ours.correlationID)
  }
}

extension VolatileValues {
  mutating func adapt(_ ours: [ResolvedEvent], to recorded: [ResolvedEvent]) -> [ResolvedEvent] {
    ours.enumerated().map { adapt($1, to: recorded.indices.contains($0) ? recorded[$0] : nil) }
  }

  mutating func adapt(_ ours: ResolvedEvent, to recorded: ResolvedEvent?) -> ResolvedEvent {
    var ours = ours
    ours.event = ours.event.map { adapt($0, to: recorded?.event) }
    ours.link = ours.link.map { adapt($0, to: recorded?.link) }
    if let position = ours.position, let original = recorded?.position {
      ours.position = self.recorded(position, for: original)
    }
    return ours
  }

  private mutating func adapt(_ ours: RecordedEvent, to recorded: RecordedEvent?) -> RecordedEvent {
    guard let recorded else { return ours }
    var ours = ours
    ours.created = recorded.created
    ours.data = ours.data.withMoments(of: recorded.data)
    ours.metadata = ours.metadata.withMoments(of: recorded.metadata)
    ours.id = self.recorded(ours.id, for: recorded.id)
    if let position = ours.position, let original = recorded.position {
      ours.position = self.recorded(position, for: original)
    }
    return ours
  }

  /// The words of an error about bytes that are no record depend on those bytes; where a page goes on in what was written before
  /// the scenario depends on that.
  mutating func adapt(_ ours: inout ReadAllEventsCompleted, to recorded: inout ReadAllEventsCompleted) {
    if let words = recorded.error, !Self.fixedWords.contains(words), ours.error?.isEmpty == false { ours.error = words }
    ours.position = self.recorded(ours.position, for: recorded.position)
    let values = self
    let count = recorded.events.count
    recorded.events.removeAll { values.isHistory($0, recorded: true) }
    ours.events.removeAll { values.isHistory($0, recorded: false) }
    ours.events = adapt(ours.events, to: recorded.events)
    if recorded.events.count < count {
      ours.nextPosition = recorded.nextPosition
    } else {
      ours.nextPosition = self.recorded(ours.nextPosition, for: recorded.nextPosition)
    }
  }

  private static let fixedWords = ["Invalid position.", "Read size too big, should be less than 4096 items"]
}

extension Bytes {
  /// The moments that the server writes into its own events: when a group was changed, when an event was parked.
  fileprivate func withMoments(of recorded: Bytes) -> Bytes {
    let moment = /"(added|updated)": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"/
    guard let ours = description.firstMatch(of: moment), let theirs = recorded.description.firstMatch(of: moment),
      ours.output.1 == theirs.output.1
    else { return self }
    return Bytes(description.replacing(ours.output.0, with: theirs.output.0))
  }
}

extension Frame {
  /// The payload for people.
  var text: String {
    "\(command) " + String(decoding: payload.readableBytesView, as: UTF8.self).debugDescription
  }
}
