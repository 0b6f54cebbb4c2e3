import EventArchive
import EventStoreCore

/// Follows a feed until stopped: takes what comes, makes it durable within the sync interval, begins another feed when one
/// fails, notices when nothing comes although there is something, and has old segments sealed when there is nothing.
struct FeedFollower: Sendable {
  let archive: ArchiveWriter
  let patience: Patience
  let syncInterval: Duration
  /// What is done, for messages: "following $all".
  let what: String

  /// Follows, and never returns normally but when the feed is closed by somebody else.
  ///
  /// - Parameters:
  ///   - open: Begins a feed after what was taken last.
  ///   - take: Hands a batch to the archive.
  ///   - isBehind: Whether the source has more than was taken.
  /// - Throws: `Interruption.stopped`, `stalled`, and what is not transient.
  func follow(
    open: () async throws -> any EventFeed, take: (FeedBatch) async throws -> Void, isBehind: () async throws -> Bool
  ) async throws {
    var watch = FollowWatch(patience: patience, syncInterval: syncInterval)
    while true {
      let feed = try await open()
      do {
        try await drain(feed, &watch, take: take, isBehind: isBehind)
        return await feed.close()
      } catch {
        await feed.close()
        guard Patience.isTransientForFeed(error) else { throw error }
        // Nothing is in the run's hands: what was taken is in the archive, and durable after this.
        try await archive.sync()
        try await watch.failed(error, doing: what)
      }
    }
  }

  private func drain(
    _ feed: any EventFeed, _ watch: inout FollowWatch, take: (FeedBatch) async throws -> Void,
    isBehind: () async throws -> Bool
  ) async throws {
    var next = Task { try await feed.next() }
    defer { next.cancel() }
    while true {
      do {
        let batch = try await result(of: next, within: syncInterval, on: patience.stopwatch, unless: patience.stop)
        guard let batch else { return }
        next = Task { try await feed.next() }
        try await take(batch)
        watch.progressed()
        try await watch.syncIfDue(archive)
      } catch Interruption.timedOut {
        try await watch.syncIfDue(archive)
        if watch.isTimeToLook {
          let isBehind = try await isBehind()
          try watch.looked(isBehind: isBehind, doing: what)
          // A source where nothing is written must not keep a segment open for ever.
          if !isBehind { try await archive.sealIfOld() }
        }
      }
    }
  }
}
