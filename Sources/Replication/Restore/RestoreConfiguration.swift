package import EventStoreCore

/// What is restored, and how.
package struct RestoreConfiguration: Hashable, Sendable {
  /// Only these streams and their metadata; nil for all that the archive holds.
  package var streams: [StreamName]?
  /// Whether system streams are restored too; those named in `streams` always are.
  package var includeSystem: Bool
  /// Which of their events are restored, by name and type.
  package var filter = EventFilter()
  /// Up to which moment; nil for all that the archive holds.
  package var until: RestoreUntil?
  /// Whether events are left out that are older than their stream's `$maxAge`.
  package var dropsExpired = false
  /// The moment at which they must not be older; nil for the moment to which is restored, so that a repeat says the same.
  package var expiredAt: Timestamp?
  /// What happens to event numbers that the target would not give by itself.
  package var numbers = RestoreNumbers.strict
  /// How many small events fill the holes of one stream at most, where numbers are preserved.
  package var maximumFillers: Int64 = 1_000_000
  /// In which order the target receives the events; `global` means one append at a time.
  package var order = RestoreOrder.stream
  /// What a conflict means for the run.
  package var onConflict = RestoreOnConflict.fail
  /// Which stream metadata are written.
  package var metadata = RestoreMetadata.final
  /// Whether streams that the archive shows soft-deleted are restored as they were before.
  package var undeletes = false
  /// Whether streams that the archive shows hard-deleted are written and hard-deleted, instead of left out.
  package var tombstones = false
  /// Which streams get other names.
  package var renames: [StreamRename] = []
  /// Whether the metadata of events say where they came from.
  package var addsOriginMetadata = false
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

  /// Whether the target receives the events in the archive's order over all streams.
  package var keepsOrder: Bool { order == .global || inFlight == 1 }

  /// How many appends are under way at a time, with everything considered.
  package var appendsInFlight: Int { keepsOrder ? 1 : inFlight }

  /// How many frames are read before the first append is begun, and again whenever fewer wait.
  ///
  /// A request costs much more than an event: the more events of a stream have gathered, the more go into one append.
  var framesGathered: Int { keepsOrder ? 0 : (maximumFramesWaiting + 1) / 2 }

  /// Everything that is wrong with the settings, in sentences for people; empty when nothing is.
  package var problems: [String] {
    var problems: [String] = []
    if let streams, streams.isEmpty { problems.append("the list of streams is empty") }
    if !(1...4096).contains(inFlight) { problems.append("appends in flight must be 1 to 4096, not \(inFlight)") }
    if maximumAppendEvents < 1 { problems.append("an append must have at least one event") }
    if maximumAppendBytes < 1 { problems.append("an append must have at least one byte") }
    if maximumFramesWaiting < 1 { problems.append("at least one frame must wait") }
    if maximumFillers < 0 { problems.append("the limit of fillers must not be negative") }
    if retry.stallTimeout <= .zero { problems.append("the stall time-out must be more than zero") }
    return problems
  }
}
