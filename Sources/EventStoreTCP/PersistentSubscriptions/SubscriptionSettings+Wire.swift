import EventStoreCore
import EventStoreWire

extension SubscriptionSettings {
  /// The settings as they are sent.
  /// - Throws: `invalidArgument` for those that no server could run, which real servers accept all the same.
  var wireValue: PersistentSubscriptionSettings {
    get throws(EventStoreError) {
      guard readBatchSize < historyBufferSize else {
        throw EventStoreError(
          .invalidArgument,
          "a subscription that reads \(readBatchSize) events at once needs a history buffer for more than that, not for "
            + "\(historyBufferSize)", hint: "with less, servers deliver nothing")
      }
      return PersistentSubscriptionSettings(
        resolveLinks: resolveLinks, startFrom: try startNumber,
        messageTimeoutMilliseconds: try Self.milliseconds(messageTimeout, "message time-out"),
        recordsStatistics: recordsStatistics, liveBufferSize: try Self.count(liveBufferSize, "live buffer size", 1),
        readBatchSize: try Self.count(readBatchSize, "read batch size", 1),
        bufferSize: try Self.count(historyBufferSize, "history buffer size", 1),
        maximumRetryCount: try Self.count(maximumRetryCount, "maximum retry count", 0),
        prefersRoundRobin: consumerStrategy == .roundRobin,
        checkpointAfterMilliseconds: try Self.milliseconds(checkpointAfter, "time before a checkpoint"),
        maximumCheckpointCount: try Self.count(maximumCheckpointCount, "maximum checkpoint count", 1),
        minimumCheckpointCount: try Self.count(minimumCheckpointCount, "minimum checkpoint count", 1),
        maximumSubscriberCount: try consumerCount,
        consumerStrategy: consumerStrategy.name)
    }
  }

  private var consumerCount: Int32 {
    get throws(EventStoreError) {
      guard let maximumConsumerCount else { return 0 }
      return try Self.count(maximumConsumerCount, "maximum consumer count", 1)
    }
  }

  private var startNumber: EventNumber {
    get throws(EventStoreError) {
      switch start {
      case .beginning: return 0
      case .end: return -1
      case .number(let number):
        guard number >= 0 else {
          throw EventStoreError(.invalidArgument, "a subscription cannot begin at event number \(number)")
        }
        return number
      }
    }
  }

  private static func count(_ value: Int, _ name: String, _ least: Int) throws(EventStoreError) -> Int32 {
    guard value >= least, let count = Int32(exactly: value) else {
      throw EventStoreError(
        .invalidArgument, "a subscription's \(name) is \(least) to \(Int32.max), not \(value)")
    }
    return count
  }

  private static func milliseconds(_ duration: Duration, _ name: String) throws(EventStoreError) -> Int32 {
    let (seconds, attoseconds) = duration.components
    guard duration >= .zero, seconds < Int64(Int32.max) / 1000 else {
      throw EventStoreError(.invalidArgument, "a subscription's \(name) is 0 to 24 days, not \(duration)")
    }
    // Rounded up: a short time must not become none.
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
