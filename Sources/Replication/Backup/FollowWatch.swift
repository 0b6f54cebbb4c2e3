import EventArchive

/// What following a feed has to remember in between: when to sync, when to look at the source's end, and since when nothing
/// has moved.
struct FollowWatch: Sendable {
  private let patience: Patience
  private let syncInterval: Duration
  private let lookInterval: Duration
  private var detector: StallDetector
  private var retries: RetryStateMachine
  private var lastSync: Duration
  private var lastLook: Duration

  init(patience: Patience, syncInterval: Duration) {
    self.patience = patience
    self.syncInterval = syncInterval
    lookInterval = min(patience.policy.stallTimeout / 8, .seconds(10))
    detector = StallDetector(timeout: patience.policy.stallTimeout)
    retries = RetryStateMachine(policy: patience.policy)
    let now = patience.stopwatch.elapsed
    lastSync = now
    lastLook = now
  }

  /// Something came.
  mutating func progressed() {
    detector.progressed()
    retries.progressed()
  }

  /// Makes what came durable, when the sync interval has passed.
  mutating func syncIfDue(_ archive: ArchiveWriter) async throws {
    guard patience.stopwatch.elapsed - lastSync >= syncInterval else { return }
    try await archive.sync()
    lastSync = patience.stopwatch.elapsed
  }

  /// Whether the source's end has not been looked at for a while.
  var isTimeToLook: Bool { patience.stopwatch.elapsed - lastLook >= lookInterval }

  /// The source's end was looked at.
  /// - Throws: `stalled` when it has been ahead, and nothing came, for as long as the stall time-out.
  mutating func looked(isBehind: Bool, doing what: String) throws {
    lastLook = patience.stopwatch.elapsed
    switch detector.observed(isBehind: isBehind, at: lastLook) {
    case .healthy: return
    case .stalled(let duration): throw Patience.stalled(what, for: duration)
    }
  }

  /// The feed failed; returns when it is time to begin another one.
  /// - Throws: `stalled`, and what is not transient.
  mutating func failed(_ error: any Error, doing what: String) async throws {
    try await patience.wait(
      after: error, doing: what, from: patience.stopwatch.elapsed, retries: &retries, isFeed: true)
  }
}
