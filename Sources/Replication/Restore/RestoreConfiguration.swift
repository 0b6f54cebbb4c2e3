package import EventStoreCore

/// What is restored, and how.
package struct RestoreConfiguration: Hashable, Sendable {
  /// Only these streams and their metadata; nil for all that the archive holds.
  package var streams: [StreamName]?
  /// Whether system streams are restored too; those named in `streams` always are.
  package var includeSystem: Bool
  /// Whether to look only, and write nothing.
  package var dryRun: Bool
  /// How many appends may be under way at a time, of one stream never more than one.
  ///
  /// 1 keeps the order of the archive's events over all streams; more keep it within each stream only.
  package var inFlight: Int
  /// How many events one append has at most; the target's own limit counts too.
  package var maximumAppendEvents: Int
  /// How much data and metadata one append has at most; the target's own limit counts too.
  package var maximumAppendBytes: Int
  /// How many frames of the archive wait to be written at a time; bounds the memory.
  package var maximumFramesWaiting: Int
  /// How many issues the report lists one by one; all are counted.
  package var maximumIssuesListed: Int
  /// When to try again, and when to give up.
  package var retry: RetryPolicy

  package init(
    streams: [StreamName]? = nil, includeSystem: Bool = false, dryRun: Bool = false, inFlight: Int = 64,
    maximumAppendEvents: Int = 500, maximumAppendBytes: Int = 4 << 20, maximumFramesWaiting: Int = 32,
    maximumIssuesListed: Int = 1000, retry: RetryPolicy = RetryPolicy()
  ) {
    self.streams = streams
    self.includeSystem = includeSystem
    self.dryRun = dryRun
    self.inFlight = inFlight
    self.maximumAppendEvents = maximumAppendEvents
    self.maximumAppendBytes = maximumAppendBytes
    self.maximumFramesWaiting = maximumFramesWaiting
    self.maximumIssuesListed = maximumIssuesListed
    self.retry = retry
  }

  /// Everything that is wrong with the settings, in sentences for people; empty when nothing is.
  package var problems: [String] {
    var problems: [String] = []
    if let streams, streams.isEmpty { problems.append("the list of streams is empty") }
    if !(1...4096).contains(inFlight) { problems.append("appends in flight must be 1 to 4096, not \(inFlight)") }
    if maximumAppendEvents < 1 { problems.append("an append must have at least one event") }
    if maximumAppendBytes < 1 { problems.append("an append must have at least one byte") }
    if maximumFramesWaiting < 1 { problems.append("at least one frame must wait") }
    if retry.stallTimeout <= .zero { problems.append("the stall time-out must be more than zero") }
    return problems
  }
}
