import EventArchive
import EventStoreCore

/// What a restore makes of an event of the archive.
enum EventVerdict: Hashable, Sendable {
  /// It is written.
  case take
  /// It belongs to a stream's metadata, which come later.
  case metadata
  /// It is a tombstone.
  case tombstone
  /// Its stream was not asked for.
  case otherStream
  /// It comes after the moment to which is restored.
  case afterCut
  /// Its type was not asked for.
  case filtered
  /// It is older than its stream keeps events.
  case expired
}

/// Which events of an archive a restore takes.
struct RestoreSelection: Sendable {
  /// Which streams are taken.
  let scope: RestoreScope
  /// Where the restore ends; nil for the archive's end.
  let cut: LogCut?
  /// The moment at which events must not be older than their streams keep them; nil unless expired events are dropped.
  let expiredAt: Timestamp?
  private let selector: EventSelector
  private let judgesTypes: Bool
  /// When the events of a stream are too old: those created before; empty unless expired events are dropped.
  private let expiry: [StreamName: Timestamp]

  /// Finds the cut, and how long streams keep events, where that matters.
  ///
  /// - Throws: `ArchiveError`, `invalidArgument`.
  init(_ archive: ArchiveReader, _ configuration: RestoreConfiguration) throws {
    let scope = RestoreScope(configuration)
    let cut = try configuration.until.map { try LogCut($0, in: archive) }
    self.scope = scope
    self.cut = cut
    selector = try EventSelector(configuration.filter)
    judgesTypes = !configuration.filter.includeTypes.isEmpty || !configuration.filter.excludeTypes.isEmpty
    let expiredAt = configuration.dropsExpired ? configuration.expiredAt ?? Self.end(archive, configuration, cut) : nil
    self.expiredAt = expiredAt
    expiry =
      try expiredAt.map { moment in
        try Self.expiry(
          archive, at: moment,
          unless: { event in
            cut?.keeps(event) == false || !scope.takes(event.stream)
              || (configuration.undeletes && MetadataContent(event.data).isSoftDelete)
          })
      } ?? [:]
  }

  /// The moment to which is restored; nil when the archive is empty.
  private static func end(_ archive: ArchiveReader, _ configuration: RestoreConfiguration, _ cut: LogCut?) -> Timestamp?
  {
    switch configuration.until {
    case .time(let moment): moment
    case .position: cut?.lastKeptCreated
    case nil: archive.reached
    }
  }

  /// Takes all events of these streams that the filter takes.
  ///
  /// - Throws: `invalidArgument`.
  init(_ scope: RestoreScope, _ filter: EventFilter) throws {
    self.scope = scope
    (cut, expiredAt, expiry) = (nil, nil, [:])
    selector = try EventSelector(filter)
    judgesTypes = !filter.includeTypes.isEmpty || !filter.excludeTypes.isEmpty
  }

  /// Whether events are judged one by one, so that streams can have holes which the archive does not have.
  var judgesEvents: Bool { cut != nil || judgesTypes || !expiry.isEmpty }

  /// Whether some of the stream is taken, as far as its name tells.
  func takes(_ stream: StreamName) -> Bool {
    scope.takes(stream) && selector.takes(stream)
  }

  /// What is made of an event.
  func verdict(_ event: RecordedEvent) -> EventVerdict {
    guard takes(event.stream) else { return .otherStream }
    if let cut, !cut.keeps(event) { return .afterCut }
    if event.type == .tombstone { return .tombstone }
    if event.stream.isMetadataStream { return .metadata }
    guard selector.takes(typeOf: event) else { return .filtered }
    if !expiry.isEmpty, let limit = expiry[event.stream], event.created < limit { return .expired }
    return .take
  }

  private static func expiry(
    _ archive: ArchiveReader, at now: Timestamp, unless isSkipped: (RecordedEvent) -> Bool
  ) throws -> [StreamName: Timestamp] {
    var expiry: [StreamName: Timestamp] = [:]
    try archive.forEachPage(20_000) { page in
      let streams = Set(page.map(\.stream).filter(\.isMetadataStream))
      let cursor = archive.events(of: streams)
      while let events = try cursor.nextBatch() {
        for event in events where !isSkipped(event) {
          guard let stream = event.stream.describedStream else { continue }
          expiry[stream] = StreamMetadata(json: event.data)?.maximumAge.flatMap { Self.moment($0, before: now) }
        }
      }
    }
    return expiry
  }

  /// The moment so long before another; nil when there is none: an age can be any number of seconds.
  private static func moment(_ age: Duration, before now: Timestamp) -> Timestamp? {
    let (ticks, isTooLong) = age.components.seconds.multipliedReportingOverflow(by: Timestamp.ticksPerSecond)
    let (moment, isTooEarly) = now.ticks.subtractingReportingOverflow(ticks)
    return isTooLong || isTooEarly ? nil : Timestamp(ticks: moment)
  }
}
