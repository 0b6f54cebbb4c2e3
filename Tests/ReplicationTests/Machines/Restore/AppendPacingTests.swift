import EventStoreCore
import Testing

@testable import Replication

@Suite("The pacing of appends")
final class AppendPacingTests {
  private static let initial = 4 << 20

  private var pacing = AppendPacing(maximumBytes: initial)

  /// An append of so many bytes begins.
  private func begin(_ weight: Int) throws -> AppendPacing.Ticket {
    let ticket = pacing.begin(weight)
    return try #require(ticket)
  }

  /// Whether an append of so many bytes may begin; then it has.
  private func begins(_ weight: Int) -> Bool { pacing.begin(weight) != nil }

  /// An append of so many bytes begins and is lost.
  private func lose(_ weight: Int) throws {
    pacing.ended(try begin(weight), .lost)
  }

  @Test("While all goes well an append has as many events as fit, and a larger event is alone")
  func counts() {
    #expect(pacing.count(of: [Self.initial / 2, Self.initial / 2, 1]) == 2)
    #expect(pacing.count(of: [Self.initial * 3, 1]) == 1)
    #expect(pacing.count(of: [1]) == 1)
  }

  @Test("Only so much is under way that answers come in time, but always something")
  func window() throws {
    let tickets = try (0..<4).map { _ in try begin(Self.initial) }
    #expect(!begins(1))
    pacing.ended(tickets[0], .answered)
    #expect(begins(Self.initial))
    for ticket in tickets[1...] { pacing.ended(ticket, .answered) }
    pacing = AppendPacing(maximumBytes: 10)
    #expect(begins(1000))
    #expect(!begins(1))
  }

  @Test("One lost connection changes nothing, however much was under way; the second makes appends smaller")
  func shrinks() throws {
    let tickets = try (0..<4).map { _ in try begin(Self.initial) }
    for ticket in tickets { pacing.ended(ticket, .lost) }
    #expect(pacing.maximumBytes == Self.initial)
    let again = try (0..<4).map { _ in try begin(Self.initial) }
    for ticket in again { pacing.ended(ticket, .lost) }
    #expect(pacing.maximumBytes == Self.initial / 4)
    #expect(pacing.count(of: [Self.initial / 8, Self.initial / 8, 1]) == 2)
  }

  @Test("A success in between shows that it is not the size")
  func successBetween() throws {
    for _ in 0..<10 {
      try lose(Self.initial)
      pacing.ended(try begin(Self.initial), .answered)
    }
    #expect(pacing.maximumBytes == Self.initial)
  }

  @Test("They become a quarter of what was lost, and never less than the minimum")
  func minimum() throws {
    for _ in 0..<2 { try lose(400_000) }
    #expect(pacing.maximumBytes == 100_000)
    for _ in 0..<20 { try lose(1000) }
    #expect(pacing.maximumBytes == AppendPacing.minimumBytes)
    // A limit that is lower from the start stays.
    pacing = AppendPacing(maximumBytes: 1000)
    for _ in 0..<4 { try lose(1000) }
    #expect(pacing.maximumBytes == 1000)
  }

  @Test("While there is no server to send to, nothing is learnt about the link")
  func noServer() throws {
    for _ in 0..<10 { pacing.ended(try begin(Self.initial), .notSent) }
    #expect(pacing.maximumBytes == Self.initial)
    #expect(AppendPacing.Ending(EventStoreError(.unreachable, "x")) == .notSent)
    #expect(AppendPacing.Ending(EventStoreError(.notReady, "x")) == .notSent)
    #expect(AppendPacing.Ending(EventStoreError(.connectionLost, "x")) == .lost)
    #expect(AppendPacing.Ending(EventStoreError(.timedOut, "x")) == .lost)
    #expect(AppendPacing.Ending(EventStoreError(.wrongExpectedVersion, "x")) == .answered)
  }

  @Test("After many successes they grow again, up to what they were")
  func grows() throws {
    for _ in 0..<2 { try lose(Self.initial) }
    var sizes = [pacing.maximumBytes]
    for _ in 0..<1000 {
      pacing.ended(try begin(1), .answered)
      if pacing.maximumBytes != sizes.last { sizes.append(pacing.maximumBytes) }
    }
    #expect(sizes[1] == sizes[0] / 4 * 5)
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(pacing.maximumBytes == Self.initial)
  }
}
