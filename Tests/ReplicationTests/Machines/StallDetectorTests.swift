import Replication
import Testing

@Suite struct StallDetectorTests {
  @Test("Who is up to date never stalls, however long nothing comes")
  func upToDate() {
    var detector = StallDetector(timeout: .seconds(10))
    for second in stride(from: 0, to: 1000, by: 7) {
      expect(detector.observed(isBehind: false, at: .seconds(second)), is: .healthy)
    }
  }

  @Test("Being behind without progress for the whole time-out is a stall, and not a moment earlier")
  func behind() {
    var detector = StallDetector(timeout: .seconds(10))
    expect(detector.observed(isBehind: true, at: .seconds(5)), is: .healthy)
    expect(detector.observed(isBehind: true, at: .milliseconds(14_999)), is: .healthy)
    expect(detector.observed(isBehind: true, at: .seconds(15)), is: .stalled(for: .seconds(10)))
    expect(detector.observed(isBehind: true, at: .seconds(20)), is: .stalled(for: .seconds(15)))
  }

  @Test("Progress, or having caught up, starts the time anew")
  func progress() {
    var detector = StallDetector(timeout: .seconds(10))
    expect(detector.observed(isBehind: true, at: .seconds(0)), is: .healthy)
    detector.progressed()
    expect(detector.observed(isBehind: true, at: .seconds(12)), is: .healthy)
    expect(detector.observed(isBehind: false, at: .seconds(15)), is: .healthy)
    expect(detector.observed(isBehind: true, at: .seconds(30)), is: .healthy)
    expect(detector.observed(isBehind: true, at: .seconds(40)), is: .stalled(for: .seconds(10)))
  }
}
