internal import CEventStoreProtos
package import EventStoreCore

/// How a server runs a persistent subscription.
package struct PersistentSubscriptionSettings: Hashable, Sendable {
  /// Whether links are delivered with their targets.
  package var resolveLinks: Bool
  /// The number of the first event; -1 for those written from now on.
  package var startFrom: EventNumber
  /// After how many milliseconds without an acknowledgement an event is sent again.
  package var messageTimeoutMilliseconds: Int32
  /// Whether the server measures how long things take.
  package var recordsStatistics: Bool
  /// How many live events the server keeps in memory.
  package var liveBufferSize: Int32
  /// How many events the server reads at once.
  package var readBatchSize: Int32
  /// How many events the server reads ahead.
  package var bufferSize: Int32
  /// How often an event is sent again before it is parked.
  package var maximumRetryCount: Int32
  /// The older way to choose `RoundRobin`.
  package var prefersRoundRobin: Bool
  /// After how many milliseconds the server writes a checkpoint.
  package var checkpointAfterMilliseconds: Int32
  /// After how many events the server writes a checkpoint at the latest.
  package var maximumCheckpointCount: Int32
  /// After how many events the server writes a checkpoint at the earliest.
  package var minimumCheckpointCount: Int32
  /// How many consumers there may be; 0 for any number.
  package var maximumSubscriberCount: Int32
  /// `RoundRobin`, `DispatchToSingle` or `Pinned`; nil leaves it to `prefersRoundRobin`.
  package var consumerStrategy: String?

  package init(
    resolveLinks: Bool, startFrom: EventNumber, messageTimeoutMilliseconds: Int32, recordsStatistics: Bool,
    liveBufferSize: Int32, readBatchSize: Int32, bufferSize: Int32, maximumRetryCount: Int32,
    prefersRoundRobin: Bool, checkpointAfterMilliseconds: Int32, maximumCheckpointCount: Int32,
    minimumCheckpointCount: Int32, maximumSubscriberCount: Int32, consumerStrategy: String?
  ) {
    self.resolveLinks = resolveLinks
    self.startFrom = startFrom
    self.messageTimeoutMilliseconds = messageTimeoutMilliseconds
    self.recordsStatistics = recordsStatistics
    self.liveBufferSize = liveBufferSize
    self.readBatchSize = readBatchSize
    self.bufferSize = bufferSize
    self.maximumRetryCount = maximumRetryCount
    self.prefersRoundRobin = prefersRoundRobin
    self.checkpointAfterMilliseconds = checkpointAfterMilliseconds
    self.maximumCheckpointCount = maximumCheckpointCount
    self.minimumCheckpointCount = minimumCheckpointCount
    self.maximumSubscriberCount = maximumSubscriberCount
    self.consumerStrategy = consumerStrategy
  }
}
