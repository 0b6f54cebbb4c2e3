import EventStoreCore

/// Decides which stream is next: one step of a stream at a time, streams in the order in which their events came.
///
/// With `keepsOrder` nothing of an event is begun before the events in front of it are dealt with; neighbouring events of one
/// stream still go together.
struct StreamSchedule {
  /// A step of one stream.
  struct Work: Hashable, Sendable {
    /// The stream's place in the schedule.
    var index: Int
    /// The stream's name on the target.
    var stream: StreamName
    var step: StreamStep
  }

  private let keepsOrder: Bool
  private let begin: @Sendable (StreamName) -> StreamRestoreStateMachine
  private var indices: [StreamName: Int] = [:]
  /// The streams' names in the archive; their machines know those on the target.
  private var names: [StreamName] = []
  private var streams: [StreamRestoreStateMachine] = []
  private var isReady: [Bool] = []
  private var ready = FIFO<Int>()
  private var waiting = FIFO<(index: Int, events: [QueuedEvent])>()
  private var busy = 0
  private var findings = StreamFindings()

  /// - Parameter begin: Makes the machine of a stream that comes for the first time.
  init(keepsOrder: Bool, begin: @escaping @Sendable (StreamName) -> StreamRestoreStateMachine) {
    self.keepsOrder = keepsOrder
    self.begin = begin
  }

  /// Whether there is nothing to do until more events arrive.
  var isIdle: Bool { busy == 0 && ready.isEmpty && waiting.isEmpty }

  /// What has become of each stream, by its name in the archive, in the order in which they came.
  var summaries: [(stream: StreamName, summary: StreamRestoreSummary)] {
    zip(names, streams).map { ($0, $1.summary) }
  }

  /// What has become of a stream; nil when none of its events came.
  func summary(of stream: StreamName) -> StreamRestoreSummary? {
    indices[stream].map { streams[$0].summary }
  }

  /// What became of events since this was asked last.
  mutating func takeFindings() -> StreamFindings {
    defer { findings = StreamFindings() }
    return findings
  }

  /// Events came out of the archive, in its order.
  mutating func arrived(_ events: [QueuedEvent]) {
    var portions: [(index: Int, events: [QueuedEvent])] = []
    var places: [Int: Int] = [:]
    for event in events {
      let stream = event.event.stream
      let index = portions.last.flatMap { names[$0.index] == stream ? $0.index : nil } ?? index(of: stream)
      let place = keepsOrder ? portions.last.flatMap { $0.index == index ? portions.count - 1 : nil } : places[index]
      if let place {
        portions[place].events.append(event)
      } else {
        places[index] = portions.count
        portions.append((index, [event]))
      }
    }
    for portion in portions {
      if keepsOrder { waiting.append(portion) } else { hand(portion) }
    }
  }

  /// The next step, when there is one that can be begun.
  mutating func next() -> Work? {
    while true {
      while let index = ready.popFirst() {
        isReady[index] = false
        let step = streams[index].nextStep()
        findings.add(streams[index].takeFindings())
        guard let step else { continue }
        busy += 1
        return Work(index: index, stream: streams[index].stream, step: step)
      }
      guard busy == 0, let portion = waiting.popFirst() else { return nil }
      hand(portion)
    }
  }

  /// What came of a step.
  /// - Throws: as `StreamRestoreStateMachine.answered`.
  mutating func answered(_ index: Int, _ answer: StreamAnswer) throws(ReplicationError) {
    busy -= 1
    try streams[index].answered(answer)
    findings.add(streams[index].takeFindings())
    makeReady(index)
  }

  private mutating func index(of stream: StreamName) -> Int {
    if let index = indices[stream] { return index }
    indices[stream] = streams.count
    names.append(stream)
    streams.append(begin(stream))
    isReady.append(false)
    return streams.count - 1
  }

  private mutating func hand(_ portion: (index: Int, events: [QueuedEvent])) {
    streams[portion.index].arrived(portion.events)
    findings.add(streams[portion.index].takeFindings())
    makeReady(portion.index)
  }

  private mutating func makeReady(_ index: Int) {
    guard !isReady[index], !streams[index].isBusy else { return }
    isReady[index] = true
    ready.append(index)
  }
}
