import EventArchive
import EventStoreCore

/// Writes the archive's events, all but stream metadata, to the target: many streams at once, each in its order.
struct EventsRestore {
  private enum Happening: Sendable {
    case frame([RecordedEvent]?)
    case answered(index: Int, StreamAnswer)
  }

  private let archive: ArchiveReader
  private let plan: RestorePlan
  private let configuration: RestoreConfiguration
  private let target: RestoreTarget
  private let stop: StopSignal
  private let transform: EventTransform
  private var schedule: StreamSchedule
  private var window = FrameWindow()

  init(
    _ archive: ArchiveReader, plan: RestorePlan, configuration: RestoreConfiguration, rules: StreamRules,
    target: RestoreTarget, stop: StopSignal
  ) {
    self.archive = archive
    self.plan = plan
    self.configuration = configuration
    self.target = target
    self.stop = stop
    transform = EventTransform(configuration, numbers: NumberMap(configuration.numbers, shapes: plan.irregular))
    schedule = StreamSchedule(keepsOrder: configuration.keepsOrder) { stream in
      var rules = rules
      rules.expectsTombstone = plan.writesTombstone(of: stream)
      return StreamRestoreStateMachine(plan.naming.name(of: stream), shape: plan.irregular[stream], rules: rules)
    }
  }

  /// What has become of each stream, in the order of the archive.
  var summaries: [(stream: StreamName, summary: StreamRestoreSummary)] { schedule.summaries }

  /// What has become of a stream; nil when the archive holds none of its events.
  func summary(of stream: StreamName) -> StreamRestoreSummary? { schedule.summary(of: stream) }

  /// Goes through the archive until its end or the stop signal; what is under way then is waited for.
  ///
  /// - Throws: `Interruption.stopped` when the signal came while something was tried again; what ends the whole run.
  mutating func run(_ tally: inout RestoreTally) async throws {
    let pager = ArchivePager(archive, streams: plan.selection.scope.named)
    try await withThrowingTaskGroup(of: Happening.self) { group in
      var isReading = false
      var isAtEnd = false
      var inFlight = 0
      while true {
        if !stop.isStopped {
          let isGathering = !isAtEnd && window.count < configuration.framesGathered
          while !isGathering, inFlight < configuration.appendsInFlight, let work = schedule.next() {
            inFlight += 1
            group.addTask { [target] in
              .answered(index: work.index, try await target.carryOut(work.step, of: work.stream))
            }
          }
          settle(&tally, inFlight: inFlight)
          if !isReading, !isAtEnd, window.count < configuration.maximumFramesWaiting {
            isReading = true
            group.addTask { .frame(try await pager.next()) }
          }
        }
        guard let happening = try await group.next() else { break }
        switch happening {
        case .frame(let events):
          isReading = false
          if let events { opened(events) } else { isAtEnd = true }
        case .answered(let index, let answer):
          inFlight -= 1
          try schedule.answered(index, answer)
          settle(&tally, inFlight: inFlight)
        }
      }
    }
  }

  private mutating func opened(_ events: [RecordedEvent]) {
    let frame = window.nextFrame
    var taken: [QueuedEvent] = []
    var links: [LinkTarget] = []
    for event in events where plan.verdict(event) == .take {
      let link = event.isLink ? LinkTarget(event.data) : nil
      if let link { links.append(link) }
      let proposed = transform.proposed(event, link, isRestored: plan.takes)
      taken.append(QueuedEvent(event: event, proposed: proposed, frame: frame))
    }
    window.opened(unsettled: taken.count, links: links, end: events.last?.position)
    schedule.arrived(taken)
  }

  private mutating func settle(_ tally: inout RestoreTally, inFlight: Int) {
    let findings = schedule.takeFindings()
    let links = window.settled(findings.settledFrames)
    tally.add(findings)
    tally.addDanglingLinks(links.count { !isRestored($0) })
    tally.moved(to: window.settledPosition, inFlight: inFlight)
  }

  /// Whether the link leads to an event that the archive holds and the target has.
  private func isRestored(_ link: LinkTarget) -> Bool {
    guard plan.takes(link), let summary = schedule.summary(of: link.stream) else { return false }
    return summary.lastSettled >= transform.numbers.number(of: link.number, in: link.stream)
  }
}
