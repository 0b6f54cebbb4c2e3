import EventArchive
import EventStoreCore

/// Backs up named streams and their metadata, one after the other, and then, when following, what comes to each.
struct StreamsBackup: Sendable {
  let source: any EventReader
  let archive: ArchiveWriter
  let configuration: BackupConfiguration
  let named: [StreamName]
  let patience: Patience
  let tally: BackupTally

  /// Reads each stream up to the end seen at the start, or when following until stopped.
  ///
  /// - Throws: `Interruption.stopped` when the stop signal ended it; what was read is handed to the archive then.
  func run() async throws {
    let streams = Self.withMetadata(named)
    var readings: [(stream: StreamName, reading: StreamReadStateMachine)] = []
    for stream in streams {
      if let last = try await look(at: stream) {
        readings.append((stream, StreamReadStateMachine(stream, after: progress(of: stream)?.number, until: last)))
      }
    }
    tally.entered(.catchingUp)
    for index in readings.indices {
      tally.read(fraction: Double(index) / Double(readings.count))
      try await catchUp(readings[index].stream, &readings[index].reading)
    }
    tally.read(fraction: 1)
    guard configuration.follow else { return }
    let reached = Dictionary(uniqueKeysWithValues: readings.map { ($0.stream, $0.reading.reached) })
    try await follow(streams.map { ($0, reached[$0] ?? progress(of: $0)?.number) })
  }

  /// The streams, each followed by its metadata stream, without repeats.
  static func withMetadata(_ named: [StreamName]) -> [StreamName] {
    var seen: Set<StreamName> = []
    return named.flatMap { $0.isMetadataStream ? [$0] : [$0, $0.metadataStream] }.filter { seen.insert($0).inserted }
  }

  private func progress(of stream: StreamName) -> StreamProgress? {
    archive.resumePoint.streams[stream]
  }

  // MARK: The streams as they are when the run begins

  /// The number of the stream's last event, when there is something to read; proves that the stream is the archived one.
  private func look(at stream: StreamName) async throws -> EventNumber? {
    let progress = progress(of: stream)
    do {
      var page = try await readHead(of: stream)
      if let progress, page.status != .deleted {
        page = try await waitForNumber(progress.number, of: stream, page)
        try await check(progress)
      }
      return ending(stream, page, progress)
    } catch let error as EventStoreError where error.code == .accessDenied {
      tally.couldNotRead(stream, .accessDenied)
      try await archive.recordGap(.stream(stream), reason: "access was denied")
      return nil
    }
  }

  private func ending(_ stream: StreamName, _ page: StreamPage, _ progress: StreamProgress?) -> EventNumber? {
    let isNamed = named.contains(stream)
    switch page.status {
    case .found:
      return page.lastEventNumber
    case .noStream:
      // Metadata streams are looked for, not asked for.
      if isNamed, page.lastEventNumber > (progress?.number ?? -1) {
        tally.couldNotRead(stream, .softDeleted)
      } else if isNamed, page.lastEventNumber < 0 {
        tally.couldNotRead(stream, .missing)
      }
      return nil
    case .deleted:
      if isNamed { tally.couldNotRead(stream, .hardDeleted) }
      return nil
    }
  }

  func readHead(of stream: StreamName) async throws -> StreamPage {
    do {
      return try await patience("reading stream \(stream)") { [source] in
        try await source.readStream(stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
      }
    } catch let error as EventStoreError where error.isAboutWhatIsRead {
      // A page far beyond the end has no event that could not be read, and tells the last number all the same.
      return try await patience("reading stream \(stream)") { [source] in
        try await source.readStream(
          stream, .forward, from: EventNumber.deleted - 1, maximumCount: 1, resolveLinks: false)
      }
    }
  }

  /// A source whose stream ends before what was archived may be a follower that lags.
  private func waitForNumber(_ number: EventNumber, of stream: StreamName, _ page: StreamPage) async throws
    -> StreamPage
  {
    let began = patience.stopwatch.elapsed
    var page = page
    while page.status != .deleted, page.lastEventNumber < number {
      let left = patience.policy.stallTimeout - (patience.stopwatch.elapsed - began)
      guard left > .zero else {
        throw SourceCheck.diverged(
          "stream \(stream) ends at \(page.lastEventNumber), the archive has event \(number)", stream: stream,
          at: nil)
      }
      try await patience.pause(min(left, .seconds(1)))
      page = try await readHead(of: stream)
    }
    return page
  }

  private func check(_ progress: StreamProgress) async throws {
    let stream = progress.stream
    let lookup: EventLookup
    do {
      lookup = try await patience("reading stream \(stream)") { [source] in
        try await source.readEvent(stream, number: progress.number, resolveLinks: false)
      }
    } catch let error as EventStoreError where error.isAboutWhatIsRead {
      // It proves nothing that this client cannot read what an earlier one could.
      return
    }
    switch lookup {
    case .found(let resolved):
      guard let event = resolved.received, event.id != progress.id else { return }
      throw SourceCheck.diverged(
        "stream \(stream) has event \(event.id) at \(progress.number), the archive has \(progress.id)",
        stream: stream, at: nil)
    case .notFound, .noStream, .streamDeleted:
      // Truncated, scavenged or deleted since: nothing speaks against it.
      return
    }
  }

  // MARK: History

  func catchUp(_ stream: StreamName, _ reading: inout StreamReadStateMachine) async throws {
    var count = configuration.pageSize
    var missing = MissingNumbers(stream)
    var ahead: Task<StreamPage, any Error>? = page(of: stream, at: reading.nextNumber, count)
    defer { ahead?.cancel() }
    var retries = RetryStateMachine(policy: patience.policy)
    while let page = ahead {
      let start = patience.stopwatch.elapsed
      do {
        let answer = try await result(
          of: page, within: patience.policy.stallTimeout, on: patience.stopwatch, unless: patience.stop)
        retries.progressed()
        count = min(count * 2, configuration.pageSize)
        try await record(&missing)
        let verdict = try reading.pageArrived(answer)
        switch verdict.next {
        case .read(let number): ahead = self.page(of: stream, at: number, count)
        case .end: ahead = nil
        }
        try await hand(verdict.taken)
      } catch let error where Patience.isTransient(error) {
        page.cancel()
        // Nothing is in the run's hands: what was read is in the archive, and durable after this.
        try await archive.sync()
        try await patience.wait(after: error, doing: "reading stream \(stream)", from: start, retries: &retries)
        ahead = self.page(of: stream, at: reading.nextNumber, count)
      } catch let error as EventStoreError where error.code == .accessDenied {
        tally.couldNotRead(stream, .accessDenied)
        ahead = nil
      } catch let error as EventStoreError where error.isAboutWhatIsRead {
        page.cancel()
        if count > 1 {
          count = 1
          ahead = self.page(of: stream, at: reading.nextNumber, count)
          continue
        }
        guard missing.add(reading.nextNumber, reason: error.description) else { throw error }
        switch reading.passedOver() {
        case .read(let number): ahead = self.page(of: stream, at: number, count)
        case .end: ahead = nil
        }
      }
    }
    try await record(&missing)
  }

  private func record(_ missing: inout MissingNumbers) async throws {
    guard let (extent, reason) = missing.take() else { return }
    try await archive.recordGap(extent, reason: reason)
    tally.isMissing("\(extent)", reason: reason)
  }

  private func page(of stream: StreamName, at number: EventNumber, _ count: Int) -> Task<StreamPage, any Error> {
    return Task { [source] in
      try await source.readStream(stream, .forward, from: number, maximumCount: count, resolveLinks: false)
    }
  }

  func hand(_ events: [RecordedEvent]) async throws {
    guard !events.isEmpty else { return }
    try await archive.append(events)
    tally.archived(events, leftOut: 0, upTo: nil)
  }
}
