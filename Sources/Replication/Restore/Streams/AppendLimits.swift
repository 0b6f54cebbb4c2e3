import EventStoreCore

/// How much one append has at most.
struct AppendLimits: Hashable, Sendable {
  /// Events of an append.
  var maximumEvents: Int
  /// Of an append, all its events together, as `ProposedEvent.weightInBytes` counts; one event may be more.
  var maximumBytes: Int
  /// Of one event; the target refuses larger ones.
  var maximumEventBytes: Int

  init(maximumEvents: Int, maximumBytes: Int, maximumEventBytes: Int) {
    self.maximumEvents = maximumEvents
    self.maximumBytes = maximumBytes
    self.maximumEventBytes = maximumEventBytes
  }

  /// What the settings want and the target takes.
  init(_ configuration: RestoreConfiguration, _ limits: WriteLimits) {
    self.init(
      maximumEvents: max(min(configuration.maximumAppendEvents, limits.maximumAppendEvents), 1),
      maximumBytes: min(configuration.maximumAppendBytes, limits.maximumAppendBytes),
      maximumEventBytes: min(limits.maximumEventBytes, limits.maximumAppendBytes))
  }
}
