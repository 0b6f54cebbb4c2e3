import EventStoreCore

/// What the reference holds of a stream, its metadata with it.
struct ReferenceStream: Hashable, Sendable {
  /// Its events.
  var tally = StreamTally()
  /// What its metadata say; nil when it has none.
  var metadata: ComparedMetadata?
  /// Whether the user asked for exactly this stream.
  var isNamed = false
  /// Whether it should be hard-deleted on the target when it is in the reference.
  var expectsTombstone = false
  /// Whether its metadata are compared; else those of the target count.
  var hasMetadata = true

  /// What its metadata say; without any, what `{}` says.
  var effectiveMetadata: ComparedMetadata { metadata ?? .none }

  /// Whether it is not expected on the target, because it is deleted for ever.
  var isLeftOut: Bool { tally.isHardDeleted && !isNamed && !expectsTombstone }

  /// Whether the reference's own metadata hide an event.
  ///
  /// - Parameters:
  ///   - number: Its number on the target, which ends at `targetLast`.
  ///   - now: Against which `$maxAge` counts.
  func hides(_ event: RecordedEvent, as number: EventNumber, targetLast: EventNumber, now: Timestamp) -> Bool {
    let retention = effectiveMetadata.retention
    if let truncateBefore = retention.truncateBefore, (hasMetadata ? event.number : number) < truncateBefore {
      return true
    }
    if let count = retention.maximumCount, event.number <= tally.last - count || number <= targetLast - count {
      return true
    }
    guard let age = retention.maximumAge else { return false }
    return Double(now.ticks - event.created.ticks) > age / .nanoseconds(100)
  }
}
