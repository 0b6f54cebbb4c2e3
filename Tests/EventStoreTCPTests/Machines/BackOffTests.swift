import EventStoreTCP
import Testing

@Suite struct BackOffTests {
  private let policy = RetryPolicy(maximumAttempts: 6, firstDelay: .milliseconds(100), maximumDelay: .seconds(1))

  @Test("Row 32: the pause doubles with every failure, up to the cap, and then it gives up")
  func doubles() {
    var backOff = BackOff(policy)
    let pauses = (1...6).map { _ in backOff.attemptFailed(random: 1) }
    #expect(
      pauses == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), nil,
      ])
  }

  @Test(
    "Row 32: chance decides about the upper half of the pause",
    arguments: [(0.0, 50), (0.5, 75), (1.0, 100), (7.0, 100)])
  func jitter(random: Double, milliseconds: Int) {
    var backOff = BackOff(policy)
    expect(backOff.attemptFailed(random: random), is: .milliseconds(milliseconds))
  }

  @Test("Row 32: a success makes the next failure the first one again")
  func success() {
    var backOff = BackOff(policy)
    for _ in 0..<4 { _ = backOff.attemptFailed(random: 1) }
    backOff.succeeded()
    expect(backOff.attemptFailed(random: 1), is: .milliseconds(100))
  }

  @Test("Row 32: without a maximum it never gives up, and never pauses longer than the cap")
  func neverGivesUp() {
    var backOff = BackOff(RetryPolicy(maximumAttempts: nil, firstDelay: .milliseconds(1), maximumDelay: .seconds(2)))
    var longest = Duration.zero
    for _ in 0..<10_000 {
      guard let pause = backOff.attemptFailed(random: 1) else {
        Issue.record("gave up after \(backOff.failures) failures")
        return
      }
      longest = max(longest, pause)
    }
    #expect(longest == .seconds(2))
  }

  @Test("One attempt means no second one")
  func single() {
    var backOff = BackOff(RetryPolicy(maximumAttempts: 1))
    expect(backOff.attemptFailed(random: 1), is: nil)
  }
}
