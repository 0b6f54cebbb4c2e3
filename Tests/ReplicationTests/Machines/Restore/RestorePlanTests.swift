import EventStoreCore
import Testing

@testable import Replication

@Suite struct RestorePlanTests {
  private func shape(_ numbers: [EventNumber]) -> StreamShape {
    var shape = StreamShape()
    for number in numbers { shape.add(archived("s", number)) }
    return shape
  }

  @Test("A shape knows its runs of numbers, and what it holds")
  func holds() {
    let shape = shape([2, 3, 4, 8, 10, 11])
    #expect(shape.ranges == [2...4, 8...8, 10...11])
    #expect((0...12).filter { shape.holds($0) } == [2, 3, 4, 8, 10, 11])
  }

  @Test("A target fits when everything after its end has neighbouring numbers")
  func fits() {
    let shape = shape([2, 3, 6, 7])
    #expect((-1...9).filter { shape.fits(after: $0) } == [5, 6, 7, 8, 9])
    #expect(shape.firstBeyondHole(after: -1) == 2)
    #expect(shape.firstBeyondHole(after: 1) == 6)
    #expect(shape.firstBeyondHole(after: 5) == nil)
  }

  @Test("A tombstone is no event of the shape, whatever its number")
  func tombstones() {
    for number: EventNumber in [.deleted, EventNumber(Int32.max)] {
      var shape = shape([0, 1])
      var tombstone = archived("s", number)
      tombstone.type = .tombstone
      shape.add(tombstone)
      #expect(shape.isHardDeleted && shape.ranges == [0...1])
    }
  }

  @Test("System streams are taken when asked for; a user's metadata belong to the user")
  func scope() {
    let all = RestoreScope(RestoreConfiguration())
    let system = RestoreScope(RestoreConfiguration(includeSystem: true))
    let named = RestoreScope(RestoreConfiguration(streams: ["a", "$stats"]))
    let streams: [StreamName] = ["a", "$$a", "b", "$stats", "$$$stats", "$settings"]
    #expect(streams.filter(all.takes) == ["a", "$$a", "b"])
    #expect(streams.filter(system.takes) == streams)
    #expect(streams.filter(named.takes) == ["a", "$$a", "$stats", "$$$stats"])
  }

  @Test(
    "A link's data is a number, an @ and a name, which may hold another @",
    arguments: [("0@a", 0, "a"), ("12@order-1@eu", 12, "order-1@eu"), ("9223372036854775807@x", .max, "x")]
      as [(Bytes, EventNumber, StreamName)])
  func link(data: Bytes, number: EventNumber, stream: StreamName) {
    #expect(LinkTarget(data) == LinkTarget(stream: stream, number: number))
  }

  @Test(
    "Other data lead nowhere",
    arguments: ["", "@", "1@", "@a", "-1@a", "x@a", "1", "9223372036854775808@a", "1 @a"] as [Bytes])
  func noLink(data: Bytes) {
    #expect(LinkTarget(data) == nil)
  }
}
