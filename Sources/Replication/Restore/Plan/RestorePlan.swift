import EventArchive
import EventStoreCore

/// What a restore takes from an archive, found before anything is written.
///
/// The stream indexes tell it, and the events of those streams that do not begin at 0 or have holes. Where events are judged
/// one by one, or numbered anew, the whole archive is read. What is held is only what is unusual.
struct RestorePlan: Sendable {
  /// Which events are taken.
  let selection: RestoreSelection
  /// What streams are called on the target.
  let naming: StreamNaming
  /// The events that the run goes through: those that are taken, and all metadata of streams that are.
  private(set) var totalEvents = 0
  /// What is taken of streams that do not begin at 0, have holes, end with a tombstone, or are not taken to their end.
  private(set) var irregular: [StreamName: StreamShape] = [:]
  /// Streams named by the user that the archive does not hold, sorted.
  private(set) var missing: [StreamName] = []
  /// What the archive holds of streams named by the user, and of their metadata; nil when nobody named any.
  private(set) var named: [StreamSummary]?
  /// System streams left out.
  private(set) var systemLeftOut = 0
  /// Hard-deleted streams left out.
  private(set) var hardDeletedLeftOut = 0
  /// Events that are not taken, by the reason; `take` and `metadata` are not among them.
  private(set) var leftOut: [EventVerdict: Int] = [:]
  /// How large an event may be that gets a number.
  private let maximumNumberedBytes: Int
  private let addsOriginMetadata: Bool
  private let writesTombstones: Bool

  /// Reads what must be known of the archive.
  ///
  /// - Parameter pageSize: How many streams are looked at in one go.
  /// - Throws: `ArchiveError`; `invalidArgument` for settings that do not go with the archive.
  init(
    _ archive: ArchiveReader, _ configuration: RestoreConfiguration, limits: AppendLimits, pageSize: Int = 100_000
  ) throws {
    selection = try RestoreSelection(archive, configuration)
    naming = StreamNaming(configuration.renames)
    addsOriginMetadata = configuration.addsOriginMetadata
    writesTombstones = configuration.tombstones
    maximumNumberedBytes = configuration.numbers == .renumber ? limits.maximumEventBytes : .max
    let readsAll = selection.judgesEvents || configuration.numbers == .renumber
    try addSummaries(archive, pageSize: pageSize)
    if readsAll {
      (totalEvents, irregular) = (0, [:])
      leftOut = leftOut.filter { $0.key == .otherStream }
      try shape(selection.scope.named.map { archive.events(of: $0) } ?? archive.events())
      try keepUnusual(archive, pageSize: pageSize)
    } else if !irregular.isEmpty {
      totalEvents -= irregular.values.reduce(0) { $0 + $1.count }
      let streams = Set(irregular.keys)
      irregular = [:]
      try shape(archive.events(of: streams))
    }
    sortOutHardDeleted()
  }

  // MARK: Reading

  private mutating func addSummaries(_ archive: ArchiveReader, pageSize: Int) throws {
    var missing = selection.scope.named ?? []
    var collisions = NameCollisions(naming)
    var seen = 0
    try archive.forEachPage(pageSize, of: selection.scope.namedAndMetadata) { page in
      if selection.scope.named != nil { named = page }
      for summary in page {
        seen += summary.events
        missing.remove(summary.stream)
        if let described = summary.stream.describedStream { missing.remove(described) }
        if selection.takes(summary.stream) { try collisions.saw(summary.stream) }
        add(summary)
      }
    }
    try collisions.check()
    // Streams that nobody named are not looked at.
    if archive.eventCount > seen { leftOut[.otherStream, default: 0] += archive.eventCount - seen }
    self.missing = missing.sorted()
  }

  private mutating func add(_ summary: StreamSummary) {
    let stream = summary.stream
    guard selection.takes(stream) else {
      leftOut[.otherStream, default: 0] += summary.events
      if selection.scope.named == nil, !selection.scope.takes(stream), !stream.isMetadataStream { systemLeftOut += 1 }
      return
    }
    totalEvents += summary.events
    let isRegular = summary.firstNumber == 0 && summary.lastNumber == EventNumber(summary.events) - 1
    // Metadata streams are written anew, and their numbers may change.
    guard !isRegular, !stream.isMetadataStream else { return }
    irregular[stream] = StreamShape(count: summary.events)
  }

  private mutating func shape(_ cursor: ArchiveCursor) throws {
    while let events = try cursor.nextBatch() {
      for event in events {
        let verdict = selection.verdict(event)
        switch verdict {
        case .take:
          totalEvents += 1
          if isNumbered(event) {
            irregular[event.stream, default: StreamShape()].add(event)
          } else {
            irregular[event.stream, default: StreamShape()].addUnnumbered()
          }
        case .metadata: totalEvents += 1
        case .tombstone: irregular[event.stream, default: StreamShape()].add(event)
        case .otherStream: break
        case .afterCut, .filtered, .expired: leftOut[verdict, default: 0] += 1
        }
      }
    }
  }

  /// Whether the event gets a number: the target takes it.
  private func isNumbered(_ event: RecordedEvent) -> Bool {
    guard maximumNumberedBytes < .max else { return true }
    var proposed = ProposedEvent(event)
    if addsOriginMetadata, let metadata = OriginMetadata.metadata(of: event) { proposed.metadata = metadata }
    return proposed.weightInBytes <= maximumNumberedBytes
  }

  /// Forgets the shapes of streams that are taken as the archive holds them.
  private mutating func keepUnusual(_ archive: ArchiveReader, pageSize: Int) throws {
    // Streams of which there are only metadata have nothing that is taken either.
    var described: Set<StreamName> = []
    let names = selection.scope.namedAndMetadata
    try archive.forEachPage(pageSize, of: names) { page in
      described.formUnion(page.compactMap(\.stream.describedStream))
    }
    try archive.forEachPage(pageSize, of: names) { page in
      for summary in page where selection.takes(summary.stream) && !summary.stream.isMetadataStream {
        described.remove(summary.stream)
        let shape = irregular[summary.stream] ?? StreamShape()
        irregular[summary.stream] = shape.isRegular && shape.last == summary.lastNumber ? nil : shape
      }
    }
    for stream in described where selection.takes(stream) { irregular[stream] = StreamShape() }
  }

  private mutating func sortOutHardDeleted() {
    for (stream, shape) in irregular where shape.isHardDeleted {
      if !writesTombstones { leftOut[.tombstone, default: 0] += 1 }
      guard !takesEvents(of: stream) else { continue }
      hardDeletedLeftOut += 1
      totalEvents -= shape.count
      leftOut[.otherStream, default: 0] += shape.count
    }
  }

  // MARK: Asking

  /// What is made of an event, its whole stream considered.
  func verdict(_ event: RecordedEvent) -> EventVerdict {
    let verdict = selection.verdict(event)
    return verdict == .take && !takesEvents(of: event.stream) ? .otherStream : verdict
  }

  /// Whether the stream's events are written: it is taken, and not hard-deleted unless it was named or tombstones are written.
  func takesEvents(of stream: StreamName) -> Bool {
    guard selection.takes(stream), !stream.isMetadataStream else { return false }
    return !isHardDeleted(stream) || selection.scope.names(stream) || writesTombstones
  }

  /// Whether the stream's metadata are written.
  func takesMetadata(_ stream: StreamName) -> Bool {
    guard let described = stream.describedStream, selection.takes(stream) else { return false }
    return !isHardDeleted(described) || (selection.scope.names(described) && !writesTombstones)
  }

  /// Whether the restore takes the event that a link leads to, as far as the archive tells.
  func takes(_ link: LinkTarget) -> Bool {
    takesEvents(of: link.stream) && irregular[link.stream]?.holds(link.number) ?? true
  }

  /// The streams that are hard-deleted once their events are in, sorted.
  var tombstones: [StreamName] {
    guard writesTombstones else { return [] }
    return irregular.filter { $0.value.isHardDeleted && takesEvents(of: $0.key) }.map(\.key).sorted()
  }

  /// Whether the stream is hard-deleted once its events are in.
  func writesTombstone(of stream: StreamName) -> Bool {
    writesTombstones && isHardDeleted(stream)
  }

  private func isHardDeleted(_ stream: StreamName) -> Bool {
    irregular[stream]?.isHardDeleted ?? false
  }
}
