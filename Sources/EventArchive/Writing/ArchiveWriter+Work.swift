internal import EventStoreCore
internal import Zstd

// What the calls do when it is their turn.
extension ArchiveWriter {
  func take(_ events: [RecordedEvent]) async throws(ArchiveError) {
    let time = now()
    if intake.isSegmentEmpty { segmentBegan = time }
    var isOld = time.hasPassed(options.maximumSegmentAge, since: segmentBegan)
    var next = 0
    defer { totals.events = intake.events }
    while let pause = try intake.take(events, from: &next, sealing: isOld || isSegmentFull) {
      switch pause {
      case .segment:
        try await seal()
        segmentBegan = time
        isOld = false
      case .frame(let draft): try await make(draft)
      }
    }
    if time.hasPassed(options.syncInterval, since: lastSync) { try await makeDurable() }
  }

  func makeDurable() async throws(ArchiveError) {
    lastSync = now()
    try await flush()
    try segments.sync()
    durablePosition = segments.tail.position ?? durablePosition
  }

  func noteCheckpoint(_ position: Position, anchors: [Anchor]) async throws(ArchiveError) {
    guard description.scope.isOrderedByPosition else { return }
    if let last = intake.order.position, position <= last { return }
    let time = now()
    intake.advance(to: position)
    pendingCheckpoint = CheckpointRecord(
      position: position, anchors: Anchor.newest(anchors, limit: options.anchorCount), recorded: time)
    // An event at the same commit position may follow.
    if let last = intake.position, last.commit == position.commit { return }
    try await sealIfOld(at: time)
  }

  func sealIfOld(at time: Timestamp) async throws(ArchiveError) {
    if !intake.isSegmentEmpty, time.hasPassed(options.maximumSegmentAge, since: segmentBegan) { try await seal() }
    if intake.isSegmentEmpty, time.hasPassed(options.maximumSegmentAge, since: lastCheckpoint) { try writeCheckpoint() }
  }

  /// Writes the pending checkpoint, if it says something new. No segment may be open.
  func writeCheckpoint() throws(ArchiveError) {
    guard var checkpoint = pendingCheckpoint else { return }
    pendingCheckpoint = nil
    if let reached = segments.manifest.resumePoint.checkpoint, checkpoint.position <= reached { return }
    checkpoint.recorded = now()
    lastCheckpoint = checkpoint.recorded
    try segments.record(.checkpoint(checkpoint))
    durablePosition = checkpoint.position
  }

  func seal() async throws(ArchiveError) {
    try await flush()
    guard let record = try segments.seal(recorded: now()) else { return }
    isSegmentFull = false
    totals.segments += 1
    totals.compressedBytes += record.compressedBytes
    durablePosition = record.last.position ?? durablePosition
    intake.beginSegment()
  }

  /// Writes everything that was appended to the open segment.
  private func flush() async throws(ArchiveError) {
    if let draft = intake.finishFrame() { try await make(draft) }
    let ready: [FrameEncoder.Output]
    do {
      ready = try await workers.drain()
    } catch {
      throw Self.error(error)
    }
    try write(ready)
  }

  /// Hands the events of a frame to the workers, and writes what they have ready.
  private func make(_ draft: FrameDraft) async throws(ArchiveError) {
    let ready: [FrameEncoder.Output]
    do {
      ready = try await workers.push(draft)
    } catch {
      throw Self.error(error)
    }
    try write(ready)
  }

  private func write(_ frames: [FrameEncoder.Output]) throws(ArchiveError) {
    for output in frames {
      totals.rawBytes += output.frame.contentBytes
      try segments.append(output.frame, tail: output.tail)
    }
    if !frames.isEmpty { isSegmentFull = segments.isFull(maximumBytes: options.maximumSegmentBytes) }
  }

  private static func error(_ error: ZstdError) -> ArchiveError {
    ArchiveError(.ioFailed, "a frame could not be compressed", cause: error.message)
  }
}
