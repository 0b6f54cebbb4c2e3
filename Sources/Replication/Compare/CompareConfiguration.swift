package import EventStoreCore

/// What is compared, and how.
package struct CompareConfiguration: Hashable, Sendable {
  /// Only these streams and their metadata; nil for all that the reference holds.
  package var streams: [StreamName]?
  /// Whether system streams are compared too; those named in `streams` always are.
  package var includeSystem: Bool
  /// Whether the events are compared, not only how many there are.
  package var isFull: Bool
  /// Which streams have other names on the target.
  package var renames: [StreamRename]
  /// What else a restore was told to take and to change.
  package var form = RestoredForm()
  /// How many streams are read at a time.
  package var inFlight: Int
  /// How many events one page of `$all` asks for.
  package var pageSize: Int
  /// How many differences the report lists one by one; all are counted.
  package var maximumDifferencesListed: Int
  /// Of how many streams with other events the first difference is looked for.
  package var maximumStreamsLocated: Int
  /// When to try again, and when to give up.
  package var retry: RetryPolicy

  package init(
    streams: [StreamName]? = nil, includeSystem: Bool = false, isFull: Bool = false,
    renames: [StreamRename] = [], inFlight: Int = 64, pageSize: Int = 500, maximumDifferencesListed: Int = 1000,
    maximumStreamsLocated: Int = 100,
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.streams = streams
    self.includeSystem = includeSystem
    self.isFull = isFull
    self.renames = renames
    self.inFlight = inFlight
    self.pageSize = pageSize
    self.maximumDifferencesListed = maximumDifferencesListed
    self.maximumStreamsLocated = maximumStreamsLocated
    self.retry = retry
  }

  /// Everything that is wrong with the settings, in sentences for people; empty when nothing is.
  package var problems: [String] {
    var problems: [String] = []
    if let streams, streams.isEmpty { problems.append("the list of streams is empty") }
    if !(1...4096).contains(inFlight) { problems.append("streams in flight must be 1 to 4096, not \(inFlight)") }
    if !(1...4095).contains(pageSize) { problems.append("a page must have 1 to 4095 events, not \(pageSize)") }
    problems += form.filter.problems
    if retry.stallTimeout <= .zero { problems.append("the stall time-out must be more than zero") }
    return problems
  }
}
