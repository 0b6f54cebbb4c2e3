package import EventStoreCore
internal import Zstd

/// Adds events to an archive: the one writer it can have at a time.
///
/// Calls are carried out one after the other. What `append` took is durable after the next `sync`, which comes by itself
/// within the sync interval while events arrive; when none do, the caller calls it. After an error of the storage the
/// writer has stopped for good: every later call throws `closed`, and the next `open` recovers. (ARCHIVE-FORMAT, Order of
/// writing.)
package actor ArchiveWriter {
  private enum State {
    case writing
    /// An error has made what is in memory and what is on disk uncertain.
    case failed(ArchiveError)
    case closed
  }

  /// What the archive is.
  package nonisolated let description: ArchiveDescription
  /// Where this run continues.
  package nonisolated let resumePoint: ResumePoint
  /// Whether this writer created the archive.
  package nonisolated let isNew: Bool
  /// What opening repaired, in sentences for people.
  package nonisolated let notes: [String]

  /// The position of the newest event, or recorded checkpoint, that is durable.
  package internal(set) var durablePosition: Position?
  /// What this writer has added.
  package internal(set) var totals = ArchiveTotals()

  private let queue = FileQueue(label: "eventvault.archive")
  let options: ArchiveOptions
  let now: @Sendable () -> Timestamp
  private let lock: any ArchiveLock
  let workers: FrameWorkers
  var intake: EventIntake
  var segments: SegmentWriter
  /// Whether the open segment has got so large that the next one begins where it may.
  var isSegmentFull: Bool
  var pendingCheckpoint: CheckpointRecord?
  /// When the open segment got its first event.
  var segmentBegan: Timestamp
  var lastSync: Timestamp
  var lastCheckpoint: Timestamp
  private var turns = Turns()
  private var state = State.writing

  package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  init(
    _ opened: OpenedArchive, options: ArchiveOptions, now: @escaping @Sendable () -> Timestamp
  ) throws(ArchiveError) {
    do {
      workers = try FrameWorkers(
        level: options.compressionLevel, maximumBytes: options.maximumFrameBytes,
        // One more, so that a worker finds the next when it is done.
        maximumInFlight: options.compressionWorkers + 1,
        tail: EventTail(opened.segments.manifest.description.scope, anchorLimit: options.anchorCount))
    } catch {
      throw ArchiveError(.invalidArgument, "frames cannot be compressed so", cause: error.message)
    }
    self.options = options
    self.now = now
    description = opened.segments.manifest.description
    resumePoint = opened.resumePoint
    isNew = opened.isNew
    notes = opened.notes
    lock = opened.lock
    segments = opened.segments
    isSegmentFull = opened.segments.isFull(maximumBytes: options.maximumSegmentBytes)
    intake = EventIntake(
      after: EventOrder(opened.segments.manifest.description.scope, after: opened.resumePoint),
      tail: opened.segments.tail, maximumFrameBytes: options.maximumFrameBytes)
    durablePosition = opened.resumePoint.checkpoint
    let time = now()
    segmentBegan = time
    lastSync = time
    lastCheckpoint = time
  }

  /// Opens the archive in `directory` for writing, after whatever has happened to it, or creates it.
  ///
  /// - Parameters:
  ///   - directory: The archive. It is created if it is missing or empty; its parent must be there.
  ///   - creating: What a new archive would be. Of an archive that exists scope and filter must be the same; the rest stays as it
  ///     is.
  ///   - now: The time, for what is recorded and for intervals.
  /// - Throws: `notAnArchive` for a directory with other things in it, `locked`, `scopeMismatch`, `newerFormat`,
  ///   `damaged` (nothing was changed), `invalidArgument`, and the storage's errors.
  package static func open(
    directory: String, creating: ArchiveDescription, options: ArchiveOptions = ArchiveOptions(),
    now: @escaping @Sendable () -> Timestamp = { .now }
  ) async throws(ArchiveError) -> ArchiveWriter {
    try await open(storage: LocalStorage(directory: directory), creating: creating, options: options, now: now)
  }

  /// As `open(directory:creating:options:now:)`, for any storage.
  package static func open(
    storage: any ArchiveStorage, creating: ArchiveDescription, options: ArchiveOptions = ArchiveOptions(),
    now: @escaping @Sendable () -> Timestamp
  ) async throws(ArchiveError) -> ArchiveWriter {
    let opened = try ArchiveOpening(storage: storage, options: options, now: now).open(creating: creating)
    do throws(ArchiveError) {
      return try ArchiveWriter(opened, options: options, now: now)
    } catch {
      opened.lock.release()
      throw error
    }
  }

  /// Adds events, in the archive's order, and waits while too much is under way.
  ///
  /// For `$all` each (commit, prepare) comes after the one before; for a list of streams each number comes after the
  /// stream's one before.
  /// - Throws: `outOfOrder`, `invalidArgument` for an event that no line can hold (the events before it were taken),
  ///   `closed`, and the storage's errors.
  package func append(_ events: [RecordedEvent]) async throws(ArchiveError) {
    try await beginTurn()
    defer { turns.end() }
    do { try await take(events) } catch { throw remembering(error) }
  }

  /// Makes everything that was appended durable.
  ///
  /// - Throws: `closed`, and the storage's errors.
  package func sync() async throws(ArchiveError) {
    try await beginTurn()
    defer { turns.end() }
    do { try await makeDurable() } catch { throw remembering(error) }
  }

  /// Says that the source was read up to `position` and everything not appended so far was left out on purpose.
  ///
  /// Written to the manifest when no segment is open, at most once per segment age, and by `finish()`. One that says nothing
  /// new is ignored, and so is any when the scope is a list of streams.
  /// - Parameter anchors: Events of the source, newest first, left out ones too.
  /// - Throws: `closed`, and the storage's errors.
  package func recordCheckpoint(_ position: Position, anchors: [Anchor]) async throws(ArchiveError) {
    try await beginTurn()
    defer { turns.end() }
    do { try await noteCheckpoint(position, anchors: anchors) } catch { throw remembering(error) }
  }

  /// Seals the open segment, or records the checkpoint, when it is old enough; for a follower whose source has nothing more.
  ///
  /// `append` and `recordCheckpoint` look at the age too, but only when something comes. What was appended must end with the
  /// last event of its commit position, inside which no segment ends.
  /// - Throws: `closed`, and the storage's errors.
  package func sealIfOld() async throws(ArchiveError) {
    try await beginTurn()
    defer { turns.end() }
    do { try await sealIfOld(at: now()) } catch { throw remembering(error) }
  }

  /// Records durably that events are missing; what the archive says already, for the same reason, is not said again.
  ///
  /// - Throws: `closed`, and the storage's errors.
  package func recordGap(_ extent: ArchiveGap.Extent, reason: String) async throws(ArchiveError) {
    try await beginTurn()
    defer { turns.end() }
    if segments.manifest.gaps.contains(where: { $0.extent == extent && $0.reason == reason }) { return }
    do {
      try segments.record(.gap(ArchiveGap(extent, reason: reason, recorded: now())))
    } catch {
      throw remembering(error)
    }
  }

  /// Seals the open segment, records the checkpoint, and gives the lock back; a run without news writes nothing.
  ///
  /// The writer is closed afterwards, also when this throws.
  /// - Throws: `closed`, and the storage's errors.
  package func finish() async throws(ArchiveError) {
    defer { close() }
    try await beginTurn()
    defer { turns.end() }
    do {
      try await seal()
      try writeCheckpoint()
    } catch {
      throw remembering(error)
    }
  }

  /// Gives the lock back and leaves the archive as it is, as a crash would; for a run that failed.
  package func abandon() {
    close()
  }

  /// The SHA-256 of the manifest's last line.
  package var headDigest: SHA256Digest { segments.headDigest }

  /// Waits until all earlier calls have ended; then the turn must be ended.
  private func beginTurn() async throws(ArchiveError) {
    if !turns.takeIfFree() { await withCheckedContinuation { turns.wait($0) } }
    switch state {
    case .writing: return
    case .failed(let error):
      turns.end()
      throw ArchiveError(
        .closed, "the archive's writer has stopped after an error", path: segments.location,
        hint: "run the same command again", cause: error.message)
    case .closed:
      turns.end()
      throw ArchiveError(.closed, "the archive's writer is closed", path: segments.location)
    }
  }

  /// Stops the writer for good after an error that leaves the archive uncertain.
  private func remembering(_ error: ArchiveError) -> ArchiveError {
    if error.code != .outOfOrder, error.code != .invalidArgument { state = .failed(error) }
    return error
  }

  private func close() {
    state = .closed
    segments.close()
    lock.release()
  }
}
