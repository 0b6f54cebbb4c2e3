import EventStoreCore

/// Collects operations until there is a run of them, keeps count of the events, and knows the time of each.
struct DemoComposer {
  private static let runBytes = 64 * 1024

  var random: DemoRandom
  private let count: Int
  private var composed = 0
  private var text = DemoText()
  private var drafts: [Draft] = []

  /// An event whose payloads are still parts of the run's text.
  struct DraftEvent {
    let id: EventID
    let type: EventType
    let isJSON: Bool
    let data: Range<Int>
    let metadata: Range<Int>
  }

  private enum Draft {
    case append(StreamName, [DraftEvent], at: Timestamp)
    case softDelete(StreamName, at: Timestamp)
    case hardDelete(StreamName, at: Timestamp)
  }

  init(count: Int, random: DemoRandom) {
    self.count = count
    self.random = random
  }

  /// Whether the run has room, and events are still owed.
  var wantsMore: Bool { composed < count && text.bytes.count < Self.runBytes }

  /// Writes an event's payloads; `append` gives it a stream.
  mutating func event(
    _ type: EventType, isJSON: Bool = true, context: DemoContext? = nil, data write: (inout DemoText) -> Void
  ) -> DraftEvent {
    let start = text.bytes.count
    write(&text)
    let middle = text.bytes.count
    if let context { context.write(&text) }
    return DraftEvent(
      id: random.eventID(), type: type, isJSON: isJSON, data: start..<middle, metadata: middle..<text.bytes.count)
  }

  /// A link to another event.
  mutating func link(to number: EventNumber, of stream: StreamName) -> DraftEvent {
    event(.link, isJSON: false) { text in
      text.number(Int(number))
      text.raw("@")
      text.bytes.append(contentsOf: stream.utf8)
    }
  }

  /// A new piece of work by somebody, or what follows from one.
  mutating func context(of correlation: EventID? = nil) -> DemoContext {
    DemoContext(correlation: correlation ?? random.eventID(), user: random.pick(DemoVocabulary.users))
  }

  /// Appends as many of the events as are still owed.
  mutating func append(to stream: StreamName, _ events: [DraftEvent]) {
    let owed = events.prefix(count - composed)
    guard !owed.isEmpty else { return }
    drafts.append(.append(stream, Array(owed), at: now()))
    composed += owed.count
  }

  /// Appends to a soft-deleted stream, so that the server writes an event of its own too; does nothing and says so when
  /// fewer events are owed.
  mutating func recreate(_ stream: StreamName, with events: [DraftEvent]) -> Bool {
    guard composed + events.count + 1 <= count else { return false }
    drafts.append(.append(stream, events, at: now()))
    composed += events.count + 1
    return true
  }

  /// Soft-deletes the stream when an event is still owed, and says whether it was.
  mutating func softDelete(_ stream: StreamName) -> Bool {
    guard composed < count else { return false }
    drafts.append(.softDelete(stream, at: now()))
    composed += 1
    return true
  }

  /// Hard-deletes the stream when an event is still owed.
  mutating func hardDelete(_ stream: StreamName) {
    guard composed < count else { return }
    drafts.append(.hardDelete(stream, at: now()))
    composed += 1
  }

  /// The run so far, in order; begins a new one.
  mutating func takeOperations() -> [DemoOperation] {
    let block = Bytes(text.bytes)
    let operations = drafts.map { draft -> DemoOperation in
      switch draft {
      case .append(let stream, let events, let moment):
        .append(stream, events.map { ProposedEvent($0, in: block) }, at: moment)
      case .softDelete(let stream, let moment): .softDelete(stream, at: moment)
      case .hardDelete(let stream, let moment): .hardDelete(stream, at: moment)
      }
    }
    drafts.removeAll(keepingCapacity: true)
    text.bytes.removeAll(keepingCapacity: true)
    return operations
  }

  /// The next event's moment: evenly spread, with some jitter that never turns time back.
  private mutating func now() -> Timestamp {
    let step = Swift.max(1, DemoEvents.span / Int64(count))
    let ticks = Int64(composed) * step + Int64(random.below(Int(step)))
    return Timestamp(ticks: DemoEvents.opening.ticks + ticks)
  }
}

extension ProposedEvent {
  fileprivate init(_ draft: DemoComposer.DraftEvent, in block: Bytes) {
    self.init(
      id: draft.id, type: draft.type, isJSON: draft.isJSON, data: block.slice(draft.data),
      metadata: block.slice(draft.metadata))
  }
}
