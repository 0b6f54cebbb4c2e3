import Replication
import Testing

@Suite struct RetryPolicyTests {
  private let policy = RetryPolicy(
    initialDelay: .milliseconds(100), maximumDelay: .seconds(1), jitter: 0.5, stallTimeout: .seconds(10))

  @Test("The wait doubles with every failure until it has reached its maximum")
  func doubles() {
    let delays = (1...6).map { policy.delay(afterFailure: $0, chance: 0) }
    #expect(
      delays == [
        .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1), .seconds(1),
      ]
    )
  }

  @Test(
    "Chance takes at most the jitter's part off", arguments: [(0.0, 100), (0.5, 75), (1.0, 50), (9.0, 50), (-1, 100)])
  func jitter(chance: Double, milliseconds: Int) {
    #expect(policy.delay(afterFailure: 1, chance: chance) == .milliseconds(milliseconds))
  }

  @Test(
    "A failure number that makes no sense, or is huge, still gives a sensible wait", arguments: [0, -5, .min, .max])
  func extremes(failure: Int) {
    let delay = policy.delay(afterFailure: failure, chance: 0)
    #expect(delay >= policy.initialDelay && delay <= policy.maximumDelay)
  }

  @Test("A jitter beyond 1 never makes a wait negative")
  func tooMuchJitter() {
    var policy = policy
    policy.jitter = 3
    #expect(policy.delay(afterFailure: 1, chance: 1) == .zero)
  }
}

@Suite struct RetryStateMachineTests {
  private let policy = RetryPolicy(
    initialDelay: .seconds(1), maximumDelay: .seconds(4), jitter: 0, stallTimeout: .seconds(10))

  @Test("A permanent failure is reported at once, also in the middle of transient ones")
  func permanent() {
    var machine = RetryStateMachine(policy: policy)
    expect(machine.failed(isTransient: false, from: .zero, at: .zero, chance: 0), is: .fail)
    expect(machine.failed(isTransient: true, from: .zero, at: .zero, chance: 0), is: .retry(after: .seconds(1)))
    expect(machine.failed(isTransient: false, from: .zero, at: .seconds(1), chance: 0), is: .fail)
  }

  @Test(
    "Failures in a row are retried after longer and longer waits, the last one cut to what is left, and then it is a stall"
  )
  func stalls() {
    var machine = RetryStateMachine(policy: policy)
    expect(machine.failed(isTransient: true, from: .zero, at: .zero, chance: 0), is: .retry(after: .seconds(1)))
    expect(
      machine.failed(isTransient: true, from: .seconds(1), at: .seconds(1), chance: 0), is: .retry(after: .seconds(2)))
    expect(
      machine.failed(isTransient: true, from: .seconds(3), at: .seconds(3), chance: 0), is: .retry(after: .seconds(4)))
    expect(
      machine.failed(isTransient: true, from: .seconds(7), at: .seconds(7), chance: 0), is: .retry(after: .seconds(3)))
    expect(
      machine.failed(isTransient: true, from: .seconds(10), at: .seconds(10), chance: 0),
      is: .stalled(for: .seconds(10)))
  }

  @Test(
    "Time counts from the beginning of the attempt that failed first: one that hangs for the whole limit is a stall")
  func hangingAttempt() {
    var machine = RetryStateMachine(policy: policy)
    expect(
      machine.failed(isTransient: true, from: .seconds(100), at: .seconds(110), chance: 0),
      is: .stalled(for: .seconds(10)))
  }

  @Test("Progress makes the next failure the first one again")
  func progress() {
    var machine = RetryStateMachine(policy: policy)
    expect(machine.failed(isTransient: true, from: .zero, at: .zero, chance: 0), is: .retry(after: .seconds(1)))
    expect(
      machine.failed(isTransient: true, from: .seconds(1), at: .seconds(9), chance: 0), is: .retry(after: .seconds(1)))
    machine.progressed()
    expect(
      machine.failed(isTransient: true, from: .seconds(9), at: .seconds(12), chance: 0), is: .retry(after: .seconds(1)))
    expect(
      machine.failed(isTransient: true, from: .seconds(13), at: .seconds(18), chance: 0), is: .retry(after: .seconds(1))
    )
    expect(
      machine.failed(isTransient: true, from: .seconds(19), at: .seconds(19), chance: 0),
      is: .stalled(for: .seconds(10)))
  }
}
