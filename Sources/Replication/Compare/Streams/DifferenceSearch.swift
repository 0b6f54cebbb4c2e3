import EventStoreCore

/// Walks along both sides of one stream until they differ.
///
/// A server as reference shows by stream only what it does not hide. What the target has before that is passed over, and then
/// nothing proves that the stream is the same.
struct DifferenceSearch: Sendable {
  /// What is wanted next.
  enum Action: Hashable, Sendable {
    /// More events of the reference, or word that there are none.
    case readReference
    /// More events of the target, or word that there are none.
    case readTarget
    /// It is over.
    case decided(StreamVerdict)
  }

  private let reference: ReferenceStream
  private let targetLast: EventNumber
  private let numbering: Numbering
  private let isReferenceWhole: Bool
  private let now: Timestamp
  private var references = FIFO<RecordedEvent>()
  private var targets = FIFO<RecordedEvent>()
  private var expected: RecordedEvent?
  private var actual: RecordedEvent?
  private var isReferenceAtEnd = false
  private var isTargetAtEnd = false
  private var index = 0
  private var hidden = 0
  private var passedOver = 0

  /// - Parameters:
  ///   - isReferenceWhole: Whether the reference gives all events that it holds.
  ///   - now: Against which `$maxAge` counts.
  init(
    _ reference: ReferenceStream, targetLast: EventNumber, _ numbering: Numbering, isReferenceWhole: Bool = true,
    now: Timestamp
  ) {
    (self.reference, self.targetLast, self.numbering) = (reference, targetLast, numbering)
    (self.isReferenceWhole, self.now) = (isReferenceWhole, now)
  }

  /// The next events of the reference came; nil when there are no more.
  mutating func referenceArrived(_ events: [RecordedEvent]?) -> Action {
    if let events {
      for event in events where event.type != .tombstone { references.append(event) }
    } else {
      isReferenceAtEnd = true
    }
    return next()
  }

  /// The next events of the target came; nil when there are no more.
  mutating func targetArrived(_ events: [RecordedEvent]?) -> Action {
    if let events { for event in events { targets.append(event) } } else { isTargetAtEnd = true }
    return next()
  }

  /// What is wanted now.
  mutating func next() -> Action {
    while true {
      expected = expected ?? references.popFirst()
      if expected == nil, !isReferenceAtEnd { return .readReference }
      actual = actual ?? targets.popFirst()
      if actual == nil, !isTargetAtEnd { return .readTarget }
      switch (expected, actual) {
      case (nil, nil): return .decided(passedOver > 0 ? .suspect(numbering) : .same(numbering, hidden: hidden))
      case (_, let early?) where !isReferenceWhole && index == 0 && early.number < expected?.number ?? .max:
        passedOver += 1
        actual = nil
      case (nil, let actual?): return .decided(.different(Self.extra(actual)))
      case (let expected?, let actual):
        let number = numbering.onTarget(expected.number, index: index)
        if let actual, actual.number < number { return .decided(.different(Self.extra(actual))) }
        index += 1
        self.expected = nil
        guard let actual, actual.number == number else {
          guard number <= targetLast, reference.hides(expected, as: number, targetLast: targetLast, now: now) else {
            return .decided(.different(StreamComparison.missing(expected.number)))
          }
          hidden += 1
          continue
        }
        self.actual = nil
        guard let mismatch = EventMismatch(expected, actual) else { continue }
        return .decided(.different(Self.differing(mismatch, expected, actual)))
      }
    }
  }

  private static func extra(_ event: RecordedEvent) -> StreamVerdict.Difference {
    .init(.extraEvents, number: event.number, "the target shows event \(event.id), which the reference does not hold")
  }

  private static func differing(
    _ mismatch: EventMismatch, _ reference: RecordedEvent, _ target: RecordedEvent
  ) -> StreamVerdict.Difference {
    let detail =
      switch mismatch {
      case .id: "the id differs: \(target.id) on the target, \(reference.id) in the reference"
      case .type: "the type differs: \(target.type) on the target, \(reference.type) in the reference"
      case .contentType, .data, .metadata: "the \(mismatch.rawValue) of event \(reference.id) differs"
      }
    return .init(.differentEvent, number: reference.number, detail)
  }
}
