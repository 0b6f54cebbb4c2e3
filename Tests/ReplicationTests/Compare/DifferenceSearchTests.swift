import EventStoreCore
import Testing

@testable import Replication

@Suite struct DifferenceSearchTests {
  private let now = Timestamp(ticks: 18_000_000_000_000_000)

  private func search(
    _ last: EventNumber, targetLast: EventNumber? = nil, _ numbering: Numbering = .same, metadata: Bytes? = nil,
    isWhole: Bool = true
  ) -> DifferenceSearch {
    var reference = ReferenceStream(metadata: metadata.map { ComparedMetadata($0) })
    for number in 0...last { reference.tally.add(archived("s", number)) }
    return DifferenceSearch(
      reference, targetLast: targetLast ?? last, numbering, isReferenceWhole: isWhole, now: now)
  }

  private func events(_ numbers: EventNumber...) -> [RecordedEvent] {
    numbers.map { archived("s", $0) }
  }

  /// The kind and number of the difference that an action names.
  private func found(_ action: DifferenceSearch.Action) -> String? {
    guard case .decided(.different(let difference)) = action else { return nil }
    return "\(difference.kind.rawValue) \(difference.number.map { "\($0)" } ?? "-")"
  }

  @Test("Both sides are read as they run out, until both are at their ends")
  func same() {
    var search = search(2)
    expect(search.next(), is: .readReference)
    expect(search.referenceArrived(events(0, 1)), is: .readTarget)
    expect(search.targetArrived(events(0)), is: .readTarget)
    expect(search.targetArrived(events(1, 2)), is: .readReference)
    expect(search.referenceArrived([]), is: .readReference)
    expect(search.referenceArrived(events(2)), is: .readReference)
    expect(search.referenceArrived(nil), is: .readTarget)
    expect(search.targetArrived(nil), is: .decided(.same(.same, hidden: 0)))
  }

  @Test("The first event that is another one ends it, and what differs is named")
  func different() {
    var search = search(3)
    _ = search.referenceArrived(events(0, 1, 2, 3))
    var changed = events(0, 1, 2, 3)
    changed[1].data = "other"
    changed[2].id = id(77)
    let action = search.targetArrived(changed)
    #expect(found(action) == "differentEvent 1")
    guard case .decided(.different(let difference)) = action else { return }
    #expect(difference.detail == "the data of event \(id(1)) differs")
  }

  @Test("An event that only one side has ends it")
  func oneSided() {
    var extra = search(3)
    _ = extra.referenceArrived(events(0, 3))
    #expect(found(extra.targetArrived(events(0, 1, 3))) == "extraEvents 1")
    var missing = search(3)
    _ = missing.referenceArrived(events(0, 1, 3))
    #expect(found(missing.targetArrived(events(0, 3))) == "missingEvents 1")
    var shorter = search(3, targetLast: 1)
    _ = shorter.referenceArrived(events(0, 1, 2, 3))
    _ = shorter.targetArrived(events(0, 1))
    #expect(found(shorter.targetArrived(nil)) == "missingEvents 2")
    var longer = search(1, targetLast: 2)
    _ = longer.referenceArrived(events(0, 1))
    _ = longer.referenceArrived(nil)
    #expect(found(longer.targetArrived(events(0, 1, 2))) == "extraEvents 2")
  }

  @Test("Events that the reference's metadata hide may be missing, wherever they are")
  func hidden() {
    var search = search(3, metadata: #"{"$tb":2}"#)
    _ = search.referenceArrived(events(0, 1, 2, 3))
    _ = search.referenceArrived(nil)
    _ = search.targetArrived(events(1, 2, 3))
    expect(search.targetArrived(nil), is: .decided(.same(.same, hidden: 1)))
  }

  @Test("Where numbers moved, events are matched by their place")
  func renumbered() {
    var search = search(9, targetLast: 2, .contiguous)
    _ = search.referenceArrived(events(3, 5, 9))
    _ = search.referenceArrived(nil)
    var moved = events(0, 1, 2)
    for (index, number) in [3, 5, 8].enumerated() { moved[index].id = id(UInt64(number)) }
    #expect(found(search.targetArrived(moved)) == "differentEvent 9")
  }

  @Test("A reference that shows only a part decides nothing about the rest")
  func part() {
    var search = search(3, isWhole: false)
    _ = search.referenceArrived(events(2, 3))
    _ = search.referenceArrived(nil)
    _ = search.targetArrived(events(0, 1, 2, 3))
    expect(search.targetArrived(nil), is: .decided(.suspect(.same)))
  }

  @Test("A tombstone is no event")
  func tombstone() {
    var search = search(0)
    var tombstone = archived("s", .deleted)
    tombstone.type = .tombstone
    _ = search.referenceArrived(events(0) + [tombstone])
    _ = search.referenceArrived(nil)
    _ = search.targetArrived(events(0))
    expect(search.targetArrived(nil), is: .decided(.same(.same, hidden: 0)))
  }
}
