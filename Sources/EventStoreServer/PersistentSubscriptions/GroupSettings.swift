package import EventStoreCore
package import EventStoreWire

/// How a group is run: what a client asked for, within what makes sense.
package struct GroupSettings: Hashable, Sendable {
  /// Whether links are delivered with their targets.
  package var resolveLinks = false
  /// The number of the first event; nil for those written after the group was made.
  package var startFrom: EventNumber? = 0
  /// After how long without an acknowledgement an event is sent again; nil for never.
  package var messageTimeout: Duration? = .seconds(30)
  /// How often an event is sent again before it is parked.
  package var maximumRetryCount = 10
  /// How many events are read at once.
  package var readBatchSize = 20
  /// How many events are read ahead of the consumers.
  package var bufferSize = 500
  /// How long a checkpoint waits for more.
  package var checkpointAfter = Duration.seconds(2)
  /// How many events a checkpoint that waited is for at least.
  package var minimumCheckpointCount: Int64 = 10
  /// After how many events a checkpoint waits no longer.
  package var maximumCheckpointCount: Int64 = 1000
  /// How many consumers there may be; nil for any number.
  package var maximumConsumerCount: Int?
  /// Which consumer gets the next event.
  package var strategy = ConsumerStrategy.roundRobin

  /// The most that is read ahead, whatever a client asks for.
  package static let largestBuffer = 10_000

  package init() {}

  /// The settings that a client asked for; nil when it names a strategy that does not exist.
  ///
  /// A buffer too small for anything holds one event: a real server takes such settings too, and then delivers nothing.
  package init?(_ settings: PersistentSubscriptionSettings) {
    switch settings.consumerStrategy {
    case nil, "": strategy = settings.prefersRoundRobin ? .roundRobin : .dispatchToSingle
    case let name?:
      guard let named = ConsumerStrategy(rawValue: name) else { return nil }
      strategy = named
    }
    resolveLinks = settings.resolveLinks
    startFrom = settings.startFrom < 0 ? nil : settings.startFrom
    let timeout = settings.messageTimeoutMilliseconds
    messageTimeout = timeout > 0 ? .milliseconds(timeout) : nil
    maximumRetryCount = max(0, Int(settings.maximumRetryCount))
    bufferSize = min(max(1, Int(settings.bufferSize)), Self.largestBuffer)
    readBatchSize = min(max(1, Int(settings.readBatchSize)), bufferSize, 4096)
    checkpointAfter = .milliseconds(max(0, settings.checkpointAfterMilliseconds))
    minimumCheckpointCount = max(1, Int64(settings.minimumCheckpointCount))
    maximumCheckpointCount = max(1, Int64(settings.maximumCheckpointCount))
    let consumers = Int(settings.maximumSubscriberCount)
    maximumConsumerCount = consumers > 0 ? consumers : nil
  }
}
