import EventStoreCore

/// What a group's machine can tell of its work.
struct GroupStatistics {
  /// What a consumer has to do.
  struct Consumer {
    let id: ConsumerID
    let items: ItemCounter.Measurement
    /// How many more events it may get before it acknowledges some.
    let availableCount: Int
    let inFlightCount: Int
  }

  /// What was sent, repeats counted.
  let items: ItemCounter.Measurement
  /// The number up to which the group has noted that all is done; -1 before it noted anything.
  let checkpoint: EventNumber
  /// The highest number that was read; -1 before anything was.
  let lastRead: EventNumber
  /// The number that history has to have for the group to be behind; nil when it follows the log.
  let nextOfHistory: EventNumber?
  /// Whether parked events are being handed out anew.
  let isReplaying: Bool
  /// Events that were read, and sent to nobody.
  let readAheadCount: Int
  /// Events that wait to be sent again, parked ones among them.
  let retryCount: Int
  let consumers: [Consumer]

  var inFlightCount: Int { consumers.reduce(0) { $0 + $1.inFlightCount } }
}

/// A group as its operators see it.
package struct GroupReport {
  /// Somebody who is connected to the group.
  package struct Consumer {
    let statistics: GroupStatistics.Consumer
    /// The address it connected from.
    let address: String
    let user: String
    /// What its client called the connection.
    let connectionName: String
  }

  let key: GroupKey
  let configuration: GroupConfiguration
  let statistics: GroupStatistics
  /// The newest event of the stream that is the group's business; -1 when there is none.
  let lastKnown: EventNumber
  /// How many events are parked.
  let parkedCount: Int64
  let consumers: [Consumer]

  /// What the group is doing, in a real server's words.
  var status: String {
    let isBehind = statistics.nextOfHistory.map { $0 <= lastKnown } ?? false
    return (statistics.isReplaying ? "ReplayingParkedMessages, " : "") + (isBehind ? "Behind" : "Live")
  }
}
