import EventArchive
import EventStoreCore

/// Backs up `$all`: history page by page, one page ahead, and then, when following, what comes.
struct AllBackup: Sendable {
  let source: any EventReader
  let archive: ArchiveWriter
  let configuration: BackupConfiguration
  let includeSystem: Bool
  let patience: Patience
  let tally: BackupTally

  /// Reads until the end seen at the start, or when following until stopped.
  ///
  /// - Throws: `Interruption.stopped` when the stop signal ended it; what was read is handed to the archive then.
  func run() async throws {
    let resumePoint = archive.resumePoint
    let end = try await readEnd()
    tally.sawEnd(end, startingAt: resumePoint.checkpoint)
    let check = SourceCheck(source: source, patience: patience)
    if try await !check.run(resumePoint) {
      tally.warn("none of the archive's anchors is left in the source, so nothing proves that it is the same one")
    }
    tally.entered(.catchingUp)
    var reading = AllReadStateMachine(
      after: resumePoint.checkpoint, anchors: resumePoint.anchors, until: end, includeSystem: includeSystem)
    if let end, resumePoint.checkpoint.map({ $0 < end }) ?? true { try await catchUp(&reading) }
    if configuration.follow { try await follow(&reading) }
  }

  private func catchUp(_ reading: inout AllReadStateMachine) async throws {
    var ahead: PageAhead? = page(at: reading.nextPosition)
    defer { ahead?.cancel() }
    var retries = RetryStateMachine(policy: patience.policy)
    while let page = ahead {
      let start = patience.stopwatch.elapsed
      do {
        let answer = try await result(
          of: page, within: patience.policy.stallTimeout, on: patience.stopwatch, unless: patience.stop)
        retries.progressed()
        let verdict = try reading.pageArrived(answer)
        switch verdict.next {
        case .read(let position): ahead = self.page(at: position)
        case .end: ahead = nil
        }
        try await hand(verdict, reading)
      } catch let error where Patience.isTransient(error) {
        page.cancel()
        // Nothing is in the run's hands: what was read is in the archive, and durable after this.
        try await archive.sync()
        try await patience.wait(after: error, doing: "reading $all", from: start, retries: &retries)
        reading.restarted(after: reading.reached)
        ahead = self.page(at: reading.nextPosition)
      }
    }
  }

  private typealias PageAhead = Task<AllPage, any Error>

  private func page(at position: Position) -> PageAhead {
    let count = configuration.pageSize
    return Task { [source] in
      do {
        return try await source.readAll(.forward, from: position, maximumCount: count, resolveLinks: false)
      } catch let error as EventStoreError where error.code == .accessDenied {
        throw Self.denied(error)
      }
    }
  }

  private func hand(_ verdict: AllReadStateMachine.Verdict, _ reading: AllReadStateMachine) async throws {
    if !verdict.taken.isEmpty { try await archive.append(verdict.taken) }
    if verdict.leftOut > 0, let reached = reading.reached {
      try await archive.recordCheckpoint(reached, anchors: reading.anchors)
    }
    tally.archived(verdict.taken, leftOut: verdict.leftOut, upTo: reading.reached)
  }

  // MARK: Following

  private func follow(_ reading: inout AllReadStateMachine) async throws {
    // A feed begins after a position: of a log without events there is none yet.
    while reading.reached == nil {
      try await patience.pause(configuration.syncInterval)
      try await readFirstEvents(&reading)
    }
    let pageSize = configuration.pageSize
    let follower = FeedFollower(
      archive: archive, patience: patience, syncInterval: configuration.syncInterval, what: "following $all")
    try await follower.follow(
      open: { [source] in
        reading.restarted(after: reading.reached)
        let reached = reading.reached ?? .start
        return try await patience("following $all") {
          try await source.catchUpAll(after: reached, resolveLinks: false, pageSize: pageSize)
        }
      },
      take: { batch in
        try await hand(try reading.eventsArrived(batch.events, isLive: batch.isLive), reading)
        if batch.isLive { tally.entered(.live) }
      },
      isBehind: {
        let end = try await readEnd() ?? .start
        let reached = reading.reached ?? .start
        tally.sawLag(max(end.commit - reached.commit, 0))
        // Not by the lag alone: at one commit position there can be several events.
        return end > reached
      })
  }

  private func readFirstEvents(_ reading: inout AllReadStateMachine) async throws {
    guard let end = try await readEnd() else { return }
    tally.sawEnd(end, startingAt: nil)
    reading = AllReadStateMachine(after: nil, until: end, includeSystem: includeSystem)
    try await catchUp(&reading)
    reading = AllReadStateMachine(
      after: reading.reached, anchors: reading.anchors, until: nil, includeSystem: includeSystem)
  }

  private func readEnd() async throws -> Position? {
    try await patience("reading the end of $all") { [source] in
      do {
        return try await source.lastPosition()
      } catch let error as EventStoreError where error.code == .accessDenied {
        throw Self.denied(error)
      }
    }
  }

  private static func denied(_ error: EventStoreError) -> EventStoreError {
    var error = error
    error.hint =
      "reading $all needs an administrator, or a role that $settings names; or name the streams to back up"
    return error
  }
}
