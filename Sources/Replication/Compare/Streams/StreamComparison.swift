import EventStoreCore

/// Compares one stream: first by what heads and inventory say, then, in a full comparison, by the rolling hashes.
///
/// The target was read before the reference's events come, so that those it hides can be told from the rest.
struct StreamComparison: Sendable {
  private enum State: Hashable, Sendable {
    /// Decided without reading the reference's events.
    case decided(StreamVerdict)
    /// The reference's events are on their way.
    case hashing(Numbering)
  }

  let reference: ReferenceStream
  let target: TargetStream
  /// How the numbers of the reference become those of the target.
  let numbering: Numbering
  private let now: Timestamp
  private var state: State
  private var digest = EventDigest()
  private var index = 0
  private var hidden = 0
  private var firstUnexplained: EventNumber?

  /// - Parameters:
  ///   - isFull: Whether the events are compared too; the target's are in `target` then.
  ///   - now: Against which `$maxAge` counts.
  init(_ reference: ReferenceStream, _ target: TargetStream, isFull: Bool, now: Timestamp) {
    var reference = reference
    if !reference.hasMetadata { reference.metadata = target.metadata }
    let numbering = Numbering(reference.tally, targetLast: target.last)
    (self.reference, self.target, self.numbering, self.now) = (reference, target, numbering, now)
    if let verdict = Self.verdict(reference, target, numbering) {
      state = .decided(verdict)
    } else if isFull, reference.tally.events > 0 {
      state = .hashing(numbering)
    } else {
      state = .decided(Self.byEnd(reference, target, numbering) ?? .same(numbering, hidden: 0))
    }
  }

  /// Whether the reference's events are to be added.
  var needsEvents: Bool {
    if case .hashing = state { true } else { false }
  }

  /// The next event of the reference.
  mutating func add(_ event: RecordedEvent) {
    guard case .hashing(let numbering) = state, event.type != .tombstone else { return }
    let number = numbering.onTarget(event.number, index: index)
    index += 1
    guard number <= target.last else { return }
    guard number < target.firstVisible ?? .max else { return digest.add(event) }
    hidden += 1
    if firstUnexplained == nil, !reference.hides(event, as: number, targetLast: target.last, now: now) {
      firstUnexplained = event.number
    }
  }

  /// What it came to, once the reference's events are all in.
  var verdict: StreamVerdict {
    switch state {
    case .decided(let verdict): return verdict
    case .hashing(let numbering):
      guard digest == target.digest else { return .suspect(numbering) }
      if let firstUnexplained { return .different(Self.missing(firstUnexplained)) }
      return Self.byEnd(reference, target, numbering) ?? .same(numbering, hidden: hidden)
    }
  }

  /// An event that should be readable and is not.
  static func missing(_ number: EventNumber) -> StreamVerdict.Difference {
    .init(
      .missingEvents, number: number, "the target does not show this event, and no metadata of the reference hide it")
  }

  // MARK: Without events

  /// What can be said by the state of the stream alone; nil when the events matter.
  private static func verdict(
    _ reference: ReferenceStream, _ target: TargetStream, _ numbering: Numbering
  ) -> StreamVerdict? {
    if reference.tally.isHardDeleted {
      if target.status == .deleted { return .same(.same, hidden: 0) }
      if reference.expectsTombstone {
        guard target.last >= 0 else { return .missing }
        return .different(.init(.aliveOnTarget, "the reference has deleted it for ever, the target has not"))
      }
      if !reference.isNamed {
        guard target.status == .found else { return .leftOut }
        return .different(.init(.aliveOnTarget, "the reference has deleted it for ever, the target shows it"))
      }
    }
    if target.status == .deleted {
      return .different(.init(.deletedOnTarget, "it is deleted for ever on the target"))
    }
    if reference.tally.events == 0 {
      guard target.status == .found, target.last >= 0 else { return .same(.same, hidden: 0) }
      return .different(.init(.extraEvents, number: 0, "the reference has metadata of the stream only"))
    }
    if target.last < 0 { return .missing }
    guard target.status == .noStream else { return nil }
    guard reference.effectiveMetadata.isSoftDeleted else {
      return .different(.init(.deletedOnTarget, "it is soft-deleted on the target, and not in the reference"))
    }
    return byEnd(reference, target, numbering) ?? .same(numbering, hidden: reference.tally.events)
  }

  /// The difference between the last numbers; nil when there is none.
  private static func byEnd(
    _ reference: ReferenceStream, _ target: TargetStream, _ numbering: Numbering
  ) -> StreamVerdict? {
    let last = numbering.onTarget(reference.tally.last, index: reference.tally.events - 1)
    if target.last == last || reference.tally.events == 0 { return nil }
    let detail = "the stream ends at \(last) in the reference and at \(target.last) on the target"
    return .different(
      target.last < last
        ? .init(.missingEvents, number: target.last + 1, detail) : .init(.extraEvents, number: last + 1, detail))
  }
}
