/// How a backup is run; what it covers is the archive's scope.
package struct BackupConfiguration: Hashable, Sendable {
  /// Whether to stay and archive what is written from now on, until stopped.
  package var follow: Bool
  /// How many events are asked for at a time, 1 to 4095.
  package var pageSize: Int
  /// How long what was received may wait to be made durable while following; the archive has its own, use the same.
  package var syncInterval: Duration
  /// When to try again, and when to give up.
  package var retry: RetryPolicy

  package init(
    follow: Bool = false, pageSize: Int = 500, syncInterval: Duration = .seconds(1), retry: RetryPolicy = RetryPolicy()
  ) {
    self.follow = follow
    self.pageSize = pageSize
    self.syncInterval = syncInterval
    self.retry = retry
  }

  /// Everything that is wrong with the settings, in sentences for people; empty when nothing is.
  package var problems: [String] {
    var problems: [String] = []
    if !(1...4095).contains(pageSize) { problems.append("the page size must be 1 to 4095, not \(pageSize)") }
    if syncInterval <= .zero { problems.append("the sync interval must be more than zero") }
    if retry.stallTimeout <= .zero { problems.append("the stall time-out must be more than zero") }
    return problems
  }
}
