import EventArchive
import EventStoreCore

/// Reads an archive frame by frame, away from the task that needs the events.
actor ArchivePager {
  private let cursor: ArchiveCursor

  /// - Parameter streams: The streams to read; nil for all.
  init(_ archive: ArchiveReader, streams: Set<StreamName>?) {
    cursor = streams.map { archive.events(of: $0) } ?? archive.events()
  }

  /// The events of the next frame; nil at the end.
  /// - Throws: `ArchiveError`.
  func next() throws -> [RecordedEvent]? {
    try cursor.nextBatch()
  }
}
