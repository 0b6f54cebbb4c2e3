import EventArchive
import EventStoreCore

extension StreamsBackup {
  /// Follows each stream from the number reached on, all at once.
  func follow(_ streams: [(stream: StreamName, reached: EventNumber?)]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (stream, reached) in streams {
        group.addTask { try await follow(stream, after: reached) }
      }
      try await group.waitForAll()
    }
  }

  private func follow(_ stream: StreamName, after number: EventNumber?) async throws {
    var reading = StreamReadStateMachine(stream, after: number, until: nil)
    do {
      while true {
        do {
          return try await followFeed(of: stream, &reading)
        } catch let error as EventStoreError where error.isAboutWhatIsRead {
          try await archive.sync()
          try await catchUp(stream, &reading)
          try await patience.pause(max(configuration.syncInterval, .seconds(1)))
        }
      }
    } catch let error as EventStoreError where error.code == .accessDenied || error.code == .streamDeleted {
      tally.couldNotRead(stream, error.code == .accessDenied ? .accessDenied : .hardDeleted)
    }
  }

  private func followFeed(of stream: StreamName, _ reading: inout StreamReadStateMachine) async throws {
    let follower = FeedFollower(
      archive: archive, patience: patience, syncInterval: configuration.syncInterval, what: "following stream \(stream)"
    )
    let pageSize = configuration.pageSize
    try await follower.follow(
      open: { [source] in
        let reached = reading.reached
        return try await patience("following stream \(stream)") {
          try await source.catchUp(stream, after: reached, resolveLinks: false, pageSize: pageSize)
        }
      },
      take: { batch in
        try await hand(try reading.take(batch.events))
        if batch.isLive { tally.entered(.live) }
      },
      isBehind: {
        let page = try await readHead(of: stream)
        return page.status == .found && page.lastEventNumber > (reading.reached ?? -1)
      })
  }
}
