internal import EventStoreCore
internal import Zstd

/// Compares what the manifest and a footer say of a segment with what its frames hold.
enum SegmentComparison {
  /// The faults of a manifest line; `tally` is of a segment without bad frames.
  static func faults(_ record: SegmentRecord, against tally: SegmentTally) -> [ArchiveFault] {
    guard let span = tally.index.span else {
      return [ArchiveFault(.wrongCount, path: record.file, detail: "the segment holds no events")]
    }
    var faults: [ArchiveFault] = []
    func compare<Value: Equatable>(_ name: String, _ said: Value, _ held: Value) {
      guard said != held else { return }
      faults.append(
        ArchiveFault(
          .wrongCount, path: record.file, detail: "the manifest says \(name) \(said), the segment holds \(held)"))
    }
    compare("events", record.events, span.events)
    compare("streams", record.streams, tally.index.streamCount)
    compare("rawBytes", record.rawBytes, tally.rawBytes)
    compare("first position", text(record.first.position), text(span.firstPosition))
    compare("last position", text(record.last.position), text(span.lastPosition))
    compare("first created", record.first.created, span.firstCreated)
    compare("last created", record.last.created, span.lastCreated)
    if record.anchors != tally.tail.anchors {
      faults.append(
        ArchiveFault(.wrongCount, path: record.file, detail: "the manifest's anchors are not the segment's last events")
      )
    }
    if record.progress != tally.tail.progress.values.sorted(by: { $0.stream < $1.stream }) {
      faults.append(
        ArchiveFault(
          .wrongCount, path: record.file, detail: "the manifest's progress is not that of the segment's streams"))
    }
    return faults
  }

  /// The faults of a footer; `tally` is of a segment without bad frames, and `layout` that of its stream index.
  ///
  /// - Throws: `SegmentDamage` of code `index` when the stream index is not well formed.
  static func faults(
    _ footer: FooterContent, _ file: String, _ tally: SegmentTally, layout: [UInt8]?
  ) throws(SegmentDamage) -> [ArchiveFault] {
    var faults: [ArchiveFault] = []
    if try !describes(footer, frames: tally.frameCount, layout: layout) {
      faults.append(
        ArchiveFault(
          .wrongIndex, path: file, offset: footer.dataBytes, detail: "the stream index does not describe the frames"))
    }
    let sizes = footer.locations.map(\.compressedBytes)
    if sizes != tally.frameBytes || footer.contentBytes != tally.rawBytes {
      faults.append(
        ArchiveFault(
          .wrongIndex, path: file, offset: footer.dataBytes, detail: "the seek table does not describe the frames"))
    }
    return faults
  }

  /// Whether a footer's stream index is that of the segment.
  private static func describes(
    _ footer: FooterContent, frames: Int, layout: [UInt8]?
  ) throws(SegmentDamage) -> Bool {
    let isSame = layout?.withUnsafeBytes { layout in footer.layout.withUnsafeBytes { $0.isSame(as: layout) } }
    if isSame == true, footer.locations.count == frames { return true }
    // Other bytes can say the same, in more room than they need.
    return try SegmentFooter(footer).index == layout?.withUnsafeBytes { StreamIndex(encoded: $0) }
  }

  private static func text(_ position: Position?) -> String {
    position?.description ?? "none"
  }
}
