import EventStoreCore
import Testing

@testable import Replication

@Suite struct StreamComparisonTests {
  private let now = Timestamp(ticks: 18_000_000_000_000_000)

  private func reference(
    _ numbers: [EventNumber], metadata: Bytes? = nil, isHardDeleted: Bool = false, isNamed: Bool = false
  ) -> ReferenceStream {
    var reference = ReferenceStream(metadata: metadata.map { ComparedMetadata($0) }, isNamed: isNamed)
    for number in numbers { reference.tally.add(archived("s", number)) }
    if isHardDeleted {
      var tombstone = archived("s", .deleted)
      tombstone.type = .tombstone
      reference.tally.add(tombstone)
    }
    return reference
  }

  private func target(
    _ status: StreamPage.Status = .found, last: EventNumber, shows numbers: [EventNumber] = [], ids: [UInt64]? = nil
  ) -> TargetStream {
    var target = TargetStream(
      StreamPage(
        status: status, events: [], nextEventNumber: -1, lastEventNumber: last, isEndOfStream: true))
    for (index, number) in numbers.enumerated() {
      var event = archived("s", number)
      if let ids { event.id = id(ids[index]) }
      target.add(event)
    }
    return target
  }

  private func verdict(
    _ reference: ReferenceStream, _ target: TargetStream, isFull: Bool = false, events numbers: [EventNumber] = []
  ) -> StreamVerdict {
    var comparison = StreamComparison(reference, target, isFull: isFull, now: now)
    #expect(comparison.needsEvents || numbers.isEmpty)
    for number in numbers { comparison.add(archived("s", number)) }
    return comparison.verdict
  }

  /// What a verdict says: its name, and the number of a difference.
  private func short(_ verdict: StreamVerdict) -> String {
    switch verdict {
    case .same(.same, let hidden): "same \(hidden)"
    case .same(.contiguous, let hidden): "renumbered \(hidden)"
    case .leftOut: "left out"
    case .missing: "missing"
    case .suspect(.same): "suspect"
    case .suspect(.contiguous): "suspect, renumbered"
    case .different(let difference): "\(difference.kind.rawValue) \(difference.number.map { "\($0)" } ?? "-")"
    }
  }

  @Test("Quickly, a stream is the same when the last numbers are, and else begins to differ after the smaller one")
  func quick() {
    let three = reference([0, 1, 2])
    #expect(short(verdict(three, target(last: 2))) == "same 0")
    #expect(short(verdict(three, target(last: 1))) == "missingEvents 2")
    #expect(short(verdict(three, target(last: 5))) == "extraEvents 3")
    #expect(short(verdict(three, target(.noStream, last: -1))) == "missing")
  }

  @Test("A stream with holes is the same under its own numbers, and under those of a count from 0")
  func numbers() {
    let holes = reference([3, 4, 7])
    #expect(short(verdict(holes, target(last: 7))) == "same 0")
    #expect(short(verdict(holes, target(last: 2))) == "renumbered 0")
    #expect(short(verdict(holes, target(last: 3))) == "missingEvents 4")
    let same = target(last: 7, shows: [3, 4, 7])
    #expect(short(verdict(holes, same, isFull: true, events: [3, 4, 7])) == "same 0")
    let counted = target(last: 2, shows: [0, 1, 2], ids: [3, 4, 7])
    #expect(short(verdict(holes, counted, isFull: true, events: [3, 4, 7])) == "renumbered 0")
    let filled = target(last: 7, shows: [3, 4, 5, 7])
    #expect(short(verdict(holes, filled, isFull: true, events: [3, 4, 7])) == "suspect")
  }

  @Test("Deleted streams are the same when both are, and left out or different when one is")
  func deleted() {
    let gone = reference([0, 1], isHardDeleted: true)
    #expect(short(verdict(gone, target(.deleted, last: .deleted))) == "same 0")
    #expect(short(verdict(gone, target(.noStream, last: -1))) == "left out")
    #expect(short(verdict(gone, target(last: 1))) == "aliveOnTarget -")
    #expect(short(verdict(reference([0, 1]), target(.deleted, last: .deleted))) == "deletedOnTarget -")
    let named = reference([0, 1], isHardDeleted: true, isNamed: true)
    #expect(short(verdict(named, target(last: 1))) == "same 0")
    #expect(short(verdict(named, target(.noStream, last: -1))) == "missing")

    let soft = reference([0, 1], metadata: StreamMetadata.softDeleted)
    #expect(short(verdict(soft, target(.noStream, last: 1))) == "same 2")
    #expect(short(verdict(soft, target(.noStream, last: 0))) == "missingEvents 1")
    #expect(short(verdict(reference([0, 1]), target(.noStream, last: 1))) == "deletedOnTarget -")
  }

  @Test("Metadata without a stream need a stream without events")
  func metadataOnly() {
    let bare = reference([], metadata: "{}")
    #expect(short(verdict(bare, target(.noStream, last: -1), isFull: true)) == "same 0")
    #expect(short(verdict(bare, target(last: 0), isFull: true)) == "extraEvents 0")
  }

  @Test("In full, the same last number is not enough")
  func full() {
    let three = reference([0, 1, 2])
    let other = target(last: 2, shows: [0, 1, 2], ids: [0, 9, 2])
    #expect(short(verdict(three, other, isFull: true, events: [0, 1, 2])) == "suspect")
    let swapped = target(last: 2, shows: [0, 1, 2], ids: [0, 2, 1])
    #expect(short(verdict(three, swapped, isFull: true, events: [0, 1, 2])) == "suspect")
    let shorter = target(last: 1, shows: [0, 1])
    #expect(short(verdict(three, shorter, isFull: true, events: [0, 1, 2])) == "missingEvents 2")
    let longer = target(last: 8, shows: [0, 1, 2])
    #expect(short(verdict(three, longer, isFull: true, events: [0, 1, 2])) == "extraEvents 3")
  }

  @Test(
    "Events that the target does not show are hidden when the reference's metadata hide them, else missing",
    arguments: [
      (nil, "missingEvents 0"), (#"{"$tb":2}"#, "same 2"), (#"{"$tb":1}"#, "missingEvents 1"),
      (#"{"$maxCount":2}"#, "same 2"), (#"{"$maxCount":3}"#, "missingEvents 1"), (#"{"$maxAge":5}"#, "same 2"),
      (#"{"$maxAge":9000000000}"#, "missingEvents 0"), ("{\"$tb\":\"2\"}", "missingEvents 0"),
    ] as [(String?, String)])
  func hidden(metadata: String?, expected: String) {
    let four = reference([0, 1, 2, 3], metadata: metadata.map { Bytes($0) })
    let part = target(last: 3, shows: [2, 3])
    #expect(short(verdict(four, part, isFull: true, events: [0, 1, 2, 3])) == expected)
  }

  @Test("A stream of which the target shows nothing is hidden wholly, or missing from its first event on")
  func allHidden() {
    let nothing = target(last: 1)
    let hiding = reference([0, 1], metadata: #"{"$tb":2}"#)
    #expect(short(verdict(hiding, nothing, isFull: true, events: [0, 1])) == "same 2")
    #expect(short(verdict(reference([0, 1]), nothing, isFull: true, events: [0, 1])) == "missingEvents 0")
  }

  @Test("Of a renumbered stream $maxCount counts by the target's numbers too")
  func hiddenRenumbered() {
    let holes = reference([0, 4, 9], metadata: #"{"$maxCount":2}"#)
    let counted = target(last: 2, shows: [1, 2], ids: [4, 9])
    #expect(short(verdict(holes, counted, isFull: true, events: [0, 4, 9])) == "renumbered 1")
  }

  @Test(
    "Metadata are the same when they say the same",
    arguments: [
      ("{}", "{}", true), (#"{"a":1,"b":2}"#, #" { "b" : 2, "a" : 1 } "#, true), (#"{"a":1}"#, #"{"a":2}"#, false),
      (#"{"$tb":3}"#, #"{"$tb":3}"#, true), (#"{"$tb":3}"#, "{}", false), (#"{"$tb":0}"#, "{}", true),
      (#"{"$tb":9223372036854775807}"#, "{}", false), (#"{"$tb":"x"}"#, "{}", false), ("no json", "no json", true),
      ("no json", "{}", false), (#"{"$maxCount":2}"#, #"{"$maxCount":3}"#, false),
    ])
  func metadata(left: String, right: String, same: Bool) {
    let (left, right) = (ComparedMetadata(Bytes(left)), ComparedMetadata(Bytes(right)))
    #expect(left.isSame(as: right, .same) == same)
    #expect(right.isSame(as: left, .same) == same)
  }

  @Test("Where numbers moved, $tb may be another, but a soft delete may not")
  func movedMetadata() {
    let early = ComparedMetadata(#"{"$tb":3,"a":1}"#)
    #expect(early.isSame(as: ComparedMetadata(#"{"$tb":1,"a":1}"#), .contiguous))
    #expect(!early.isSame(as: ComparedMetadata(#"{"$tb":9223372036854775807,"a":1}"#), .contiguous))
  }

  @Test(
    "The rolling hash is another one when id, type, content type, data or metadata are, and the same for other numbers",
    arguments: 0..<8)
  func digest(change: Int) {
    var event = archived("s", 1)
    event.metadata = "m"
    var other = event
    switch change {
    case 0: other.id = id(2)
    case 1: other.type = "u"
    case 2: other.isJSON = true
    case 3: other.data = "dat"
    case 4: other.metadata = Bytes()
    case 5: (other.data, other.metadata) = ("datam", "")
    case 6: (other.type, other.data) = ("td", "ata")
    default: (other.number, other.stream, other.created) = (5, "r", now)
    }
    var (left, right) = (EventDigest(), EventDigest())
    left.add(event)
    right.add(other)
    #expect((left == right) == (change == 7))
    #expect((EventMismatch(event, other) == nil) == (change == 7))
  }

  @Test("Names and links follow a new prefix, and two streams of one name are noticed")
  func mapping() throws {
    let selection = try RestoreSelection(CompareConfiguration())
    let mapping = StreamMapping([.init(prefix: "a-", replacement: "b-")]).following(
      LinkMapping(Inventory(selection, RestoredForm()), shapes: [:], renumbered: []))
    #expect(mapping.onTarget("a-1") == "b-1" && mapping.onTarget("$$a-1") == "$$b-1" && mapping.onTarget("c") == "c")
    var link = archived("l", 0)
    (link.type, link.data) = (.link, "7@a-1")
    #expect(mapping.onTarget(link).data == "7@b-1")
    link.type = "t"
    #expect(mapping.onTarget(link).data == "7@a-1")
    #expect(throws: ReplicationError.self) { try mapping.check(["a-1", "b-1", "c"]) }
    #expect(throws: Never.self) { try mapping.check(["a-1", "a-2", "c"]) }
  }

  @Test("A page is planned by the weight of the last one's events")
  func budget() {
    var budget = PageBudget(bytes: 10_000, firstCount: 32)
    #expect(budget.count == 32)
    var heavy = archived("s", 0)
    heavy.data = Bytes([UInt8](repeating: 0, count: 4900))
    budget.received([heavy])
    #expect(budget.count == 2)
    budget.received([])
    #expect(budget.count == 2)
    heavy.data = Bytes([UInt8](repeating: 0, count: 50_000))
    budget.received([heavy])
    #expect(budget.count == 1)
    budget.received([archived("s", 0)])
    #expect(budget.count > 90 && budget.count <= 100)
  }
}
