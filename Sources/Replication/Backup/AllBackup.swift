import EventArchive
import EventStoreCore

/// Backs up `$all`: history page by page, one page ahead, and then, when following, what comes.
struct AllBackup: Sendable {
  let source: any EventReader
  let archive: ArchiveWriter
  let configuration: BackupConfiguration
  let includeSystem: Bool
  let selector: EventSelector?
  let patience: Patience
  let tally: BackupTally

  /// Reads until the end seen at the start, or when following until stopped.
  ///
  /// - Throws: `Interruption.stopped` when the stop signal ended it; what was read is handed to the archive then.
  func run() async throws {
    let resumePoint = archive.resumePoint
    var end = try await lookAtEnd()
    tally.sawEnd(end.position, startingAt: resumePoint.checkpoint)
    let check = SourceCheck(source: source, patience: patience)
    if try await !check.run(resumePoint) {
      tally.warn("none of the archive's anchors is left in the source, so nothing proves that it is the same one")
    }
    if let checkpoint = resumePoint.checkpoint, !end.reaches(checkpoint) {
      // It was a follower that lagged, and has caught up: its end is another one now.
      end = try await lookAtEnd()
      tally.sawEnd(end.position, startingAt: checkpoint)
    }
    tally.entered(.catchingUp)
    var reading = self.reading(after: resumePoint.checkpoint, anchors: resumePoint.anchors, until: end.position)
    if end.isBeyond(resumePoint.checkpoint) { try await catchUp(&reading) }
    if configuration.follow { try await follow(&reading) }
  }

  private func reading(after position: Position?, anchors: [Anchor], until end: Position?) -> AllReadStateMachine {
    AllReadStateMachine(
      after: position, anchors: anchors, until: end, includeSystem: includeSystem, selector: selector)
  }

  // MARK: History

  private func catchUp(_ reading: inout AllReadStateMachine) async throws {
    var count = configuration.pageSize
    var ahead: PageAhead? = page(at: reading.nextPosition, count)
    defer { ahead?.cancel() }
    var retries = RetryStateMachine(policy: patience.policy)
    while let page = ahead {
      let start = patience.stopwatch.elapsed
      do {
        let answer = try await result(
          of: page, within: patience.policy.stallTimeout, on: patience.stopwatch, unless: patience.stop)
        retries.progressed()
        count = min(count * 2, configuration.pageSize)
        let verdict = try reading.pageArrived(answer)
        switch verdict.next {
        case .read(let position): ahead = self.page(at: position, count)
        case .end: ahead = nil
        }
        try await hand(verdict, reading)
      } catch let error where Patience.isTransient(error) {
        page.cancel()
        // Nothing is in the run's hands: what was read is in the archive, and durable after this.
        try await archive.sync()
        try await patience.wait(after: error, doing: "reading $all", from: start, retries: &retries)
        reading.restarted(after: reading.reached)
        ahead = self.page(at: reading.nextPosition, count)
      } catch let error as EventStoreError where error.isAboutWhatIsRead {
        page.cancel()
        var goesOn = true
        if count == 1 { goesOn = try await passOver(&reading, error) }
        count = 1
        ahead = goesOn ? self.page(at: reading.nextPosition, count) : nil
      }
    }
  }

  /// Goes on after an event that cannot be read, and records that it is missing; whether there is more.
  private func passOver(_ reading: inout AllReadStateMachine, _ error: EventStoreError) async throws -> Bool {
    let search = UnreadablePlace(source: source, patience: patience, pageSize: configuration.pageSize)
    switch try await search.sequel(of: reading.nextPosition) {
    case .everything:
      throw error
    case .nothing:
      tally.isMissing("everything after \(reading.newest ?? .start)", reason: error.description)
      return false
    case .event(let position):
      // It was read from behind just now; who refuses it from the front would never get past it.
      guard position > reading.nextPosition else { throw error }
      let gap = ArchiveGap.Extent.positions(after: reading.newest ?? .start, before: position)
      let verdict = reading.passedOver(to: position)
      try await hand(verdict, reading)
      try await archive.recordGap(gap, reason: error.description)
      tally.isMissing("\(gap)", reason: error.description)
      return verdict.next != .end
    }
  }

  private typealias PageAhead = Task<AllPage, any Error>

  private func page(at position: Position, _ count: Int) -> PageAhead {
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
    while true {
      do {
        return try await followFeed(&reading)
      } catch let error as EventStoreError where error.isAboutWhatIsRead {
        try await archive.sync()
        reading = self.reading(after: reading.reached, anchors: reading.anchors, until: nil)
        try await catchUp(&reading)
        // When the newest event is the one that cannot be read, only a newer one leads past it.
        try await patience.pause(max(configuration.syncInterval, .seconds(1)))
      }
    }
  }

  private func followFeed(_ reading: inout AllReadStateMachine) async throws {
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
    let end = try await lookAtEnd()
    guard end.isBeyond(nil) else { return }
    tally.sawEnd(end.position, startingAt: nil)
    reading = self.reading(after: nil, anchors: [], until: end.position)
    try await catchUp(&reading)
    reading = self.reading(after: reading.reached, anchors: reading.anchors, until: nil)
  }

  // MARK: The end

  /// What can be known of the source's end.
  private enum End {
    /// There is nothing.
    case empty
    /// The newest event is here.
    case at(Position)
    /// The newest event cannot be read.
    case unreadable

    var position: Position? {
      switch self {
      case .at(let position): position
      case .empty, .unreadable: nil
      }
    }

    /// Whether the source has everything up to `position`, or may have it.
    func reaches(_ position: Position) -> Bool {
      switch self {
      case .empty: false
      case .at(let end): end >= position
      case .unreadable: true
      }
    }

    /// Whether there is something after `position`, or may be.
    func isBeyond(_ position: Position?) -> Bool {
      switch self {
      case .empty: false
      case .at(let end): position.map { $0 < end } ?? true
      case .unreadable: true
      }
    }
  }

  private func lookAtEnd() async throws -> End {
    do {
      return try await readEnd().map { .at($0) } ?? .empty
    } catch let error as EventStoreError where error.isAboutWhatIsRead {
      return .unreadable
    }
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
