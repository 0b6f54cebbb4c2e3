import EventArchive
import EventStoreCore

/// Completes the streams whose events are in: the last state of their metadata, a page of streams at a time.
///
/// Metadata come last because they can hide events: with `$maxCount` set first, most of a stream could be scavenged while it is
/// still being written.
struct MetadataRestore {
  /// How many streams' metadata are in memory at a time.
  private static let pageSize = 20_000

  private let archive: ArchiveReader
  private let plan: RestorePlan
  private let configuration: RestoreConfiguration
  private let limits: AppendLimits
  private let target: RestoreTarget
  private let stop: StopSignal
  private let events: EventsRestore
  private let numbers: NumberMap

  /// What was found out about events that had been set aside, by the stream's name in the archive.
  private(set) var setAside: [StreamName: MetadataFindings.SetAside] = [:]
  private var completed: Set<StreamName> = []

  init(
    _ archive: ArchiveReader, plan: RestorePlan, configuration: RestoreConfiguration, limits: AppendLimits,
    target: RestoreTarget, stop: StopSignal, after events: EventsRestore
  ) {
    self.archive = archive
    self.plan = plan
    self.configuration = configuration
    self.limits = limits
    self.target = target
    self.stop = stop
    self.events = events
    numbers = NumberMap(configuration.numbers, shapes: plan.irregular)
  }

  /// Goes through all metadata until the end or the stop signal; what is under way then is waited for.
  ///
  /// - Throws: as `EventsRestore.run`.
  mutating func run(_ tally: inout RestoreTally) async throws {
    if let named = plan.named { try await complete(named, &tally) } else { try await completeAll(&tally) }
    // Where the archive has no metadata the target can have those of a soft delete, and fillers want to be hidden.
    let others = events.summaries.filter { stream, summary in
      !completed.contains(stream) && (summary.wasThere || numbers.fillersBefore(stream) > 0)
    }
    try await complete(others.map { completion(of: $0.stream, nil) }, &tally)
  }

  private mutating func completeAll(_ tally: inout RestoreTally) async throws {
    var last: StreamName?
    while !stop.isStopped {
      let page = try archive.streams(after: last, limit: Self.pageSize)
      try await complete(page, &tally)
      guard page.count == Self.pageSize else { break }
      last = page.last?.stream
    }
  }

  private mutating func complete(_ page: [StreamSummary], _ tally: inout RestoreTally) async throws {
    let summaries = page.filter { $0.stream.isMetadataStream && plan.selection.takes($0.stream) }
    for summary in summaries where !plan.takesMetadata(summary.stream) {
      var findings = MetadataFindings()
      (findings.events, findings.outcome) = (summary.events, .leftOut)
      tally.add(findings)
    }
    let metadata = try gather(Set(summaries.map(\.stream).filter(plan.takesMetadata)))
    completed.formUnion(metadata.keys)
    try await complete(metadata.sorted { $0.key < $1.key }.map { completion(of: $0.key, $0.value) }, &tally)
  }

  /// The archived metadata of these metadata streams, by the stream that they describe.
  private func gather(_ streams: Set<StreamName>) throws -> [StreamName: ArchivedMetadata] {
    guard !streams.isEmpty else { return [:] }
    var metadata: [StreamName: ArchivedMetadata] = [:]
    let cursor = archive.events(of: streams)
    while let events = try cursor.nextBatch() {
      for event in events where plan.selection.verdict(event) == .metadata {
        guard let stream = event.stream.describedStream else { continue }
        if metadata[stream]?.add(event) == nil {
          metadata[stream] = ArchivedMetadata(event, keepsAll: configuration.metadata == .history)
        }
      }
    }
    return metadata
  }

  private func completion(
    of stream: StreamName, _ archived: ArchivedMetadata?
  ) -> (stream: StreamName, completion: StreamCompletion) {
    let wish = MetadataWish(archived, of: stream, archive: archive.description.id, numbers: numbers, configuration)
    let completion = StreamCompletion(
      stream: plan.naming.name(of: stream), wish: configuration.metadata == .none ? nil : wish, archived: archived,
      summary: events.summary(of: stream), limits: limits, target: target)
    return (stream, completion)
  }

  private mutating func complete(
    _ completions: [(stream: StreamName, completion: StreamCompletion)], _ tally: inout RestoreTally
  ) async throws {
    try await withThrowingTaskGroup(of: (StreamName, MetadataFindings).self) { group in
      var waiting = completions.makeIterator()
      var inFlight = 0
      while true {
        while inFlight < configuration.appendsInFlight, !stop.isStopped, let next = waiting.next() {
          inFlight += 1
          group.addTask { (next.stream, try await next.completion.run()) }
        }
        guard let (stream, findings) = try await group.next() else { break }
        inFlight -= 1
        setAside[stream] = findings.setAside
        tally.add(findings)
        tally.moved(to: nil, inFlight: inFlight)
      }
    }
  }
}
