public import EventStoreCore

/// A way through the events of an archive, pulled batch by batch. Not for use from several tasks at once.
public final class ArchiveCursor {
  private enum Place {
    /// Between segments.
    case between
    /// In a sealed segment, with the frames still to be read.
    case sealed(SealedSegmentFile, frames: ArraySlice<Int>)
    /// In the open segment.
    case open(OpenSegmentFile, frames: ArraySlice<Int>)
    /// At the end.
    case end
    /// An error has been thrown.
    case failed(ArchiveError)
  }

  /// How many frames are decoded at once when only some events of each are wanted.
  private static let framesAhead = 8

  private let storage: any ArchiveStorage
  /// The streams that are read; nil for all.
  private let wanted: WantedStreams?
  private var segments: ArraySlice<SegmentRecord>
  private var openSegment: OpenSegmentFile?
  private var place = Place.between
  private let foundBefore: FoundStreams?
  /// Wanted events that were decoded ahead, the next ones last.
  private var ahead: [Result<[RecordedEvent], ArchiveError>] = []

  /// - Parameters:
  ///   - wanted: The streams that are read; nil for all.
  ///   - foundBefore: Where streams were found before.
  init(
    storage: any ArchiveStorage, segments: [SegmentRecord], openSegment: OpenSegmentFile?,
    only wanted: WantedStreams? = nil, foundBefore: FoundStreams? = nil
  ) {
    self.foundBefore = foundBefore
    self.storage = storage
    self.segments = segments[...]
    self.openSegment = openSegment
    self.wanted = wanted
  }

  /// The next events, one frame's at most; nil at the end.
  ///
  /// A sealed segment that is read as a whole is checked against its size and SHA-256 before its first event is given out;
  /// otherwise the index is checked against the manifest and each frame against the index.
  /// - Throws: `damaged`, and the storage's errors; every later call then throws the same.
  public func nextBatch() throws(ArchiveError) -> [RecordedEvent]? {
    do throws(ArchiveError) {
      while true {
        switch place {
        case .between: place = try nextPlace()
        case .sealed(let file, var frames):
          if let next = ahead.popLast() {
            let events = try next.get()
            if !events.isEmpty { return events }
            continue
          }
          guard !frames.isEmpty else {
            place = .between
            continue
          }
          let next = Array(frames.prefix(wanted == nil ? 1 : Self.framesAhead))
          frames = frames.dropFirst(next.count)
          place = .sealed(file, frames: frames)
          if wanted == nil { return try file.events(ofFrame: next[0]) }
          ahead = file.wantedEvents(ofFrames: next).reversed()
        case .open(let file, var frames):
          guard let frame = frames.popFirst() else {
            place = .end
            continue
          }
          place = .open(file, frames: frames)
          let events = try file.events(ofFrame: frame, only: wanted)
          if !events.isEmpty { return events }
        case .end: return nil
        case .failed(let error): throw error
        }
      }
    } catch {
      place = .failed(error)
      throw error
    }
  }

  private func nextPlace() throws(ArchiveError) -> Place {
    guard let record = segments.popFirst() else {
      guard let file = openSegment else { return .end }
      openSegment = nil
      return .open(file, frames: frames(file.frameCount, index: file.index)[...])
    }
    let known = wanted.flatMap { foundBefore?.footer(of: record, holding: $0) }
    guard let file = try SealedSegmentFile(record, in: storage, only: wanted, known: known) else {
      throw vanished(record)
    }
    if wanted == nil { try file.checkDigest() }
    return .sealed(file, frames: frames(file.frameCount, index: file.footer.index)[...])
  }

  /// The frames that hold wanted events.
  private func frames(_ count: Int, index: StreamIndex?) -> [Int] {
    guard let wanted else { return Array(0..<count) }
    let streams = index?.streams.filter { wanted.contains($0.name) } ?? []
    return Set(streams.flatMap { $0.places.map(\.frame) }).sorted()
  }

  /// Why a file that the manifest named is not there: it was replaced while the archive was read, or it is lost.
  private func vanished(_ record: SegmentRecord) -> ArchiveError {
    let path = storage.path(record.file)
    do throws(ArchiveError) {
      if try ManifestFile(reading: storage).manifest.replacedFiles.contains(record.file) {
        return ArchiveError(
          .ioFailed, "the archive was rewritten while it was read", path: path, segment: record.sequence,
          hint: "run the same command again")
      }
    } catch {
      return error
    }
    return ArchiveError(
      .damaged, "a segment that the manifest names is missing", path: path, segment: record.sequence,
      hint: "bring the file back from a copy of the archive")
  }
}
