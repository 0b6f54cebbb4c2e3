import EventStoreCore
import Testing

@testable import Replication

@Suite struct RestoreTallyTests {
  private func streams(of summary: StreamRestoreSummary) -> RestoreReport.Streams {
    var tally = RestoreTally(RestoreConfiguration(), stopwatch: Stopwatch(ContinuousClock()), watch: { _ in })
    tally.add([("s", summary)], setAside: [:])
    return tally.finished(wasStopped: true).streams
  }

  @Test("A stream that a stopped run did not get to, or not through, is not called already there")
  func unknown() {
    var summary = StreamRestoreSummary()
    summary.lastArrived = 9
    #expect(streams(of: summary) == RestoreReport.Streams())
    summary.saw(TargetHead(last: 9))
    #expect(streams(of: summary) == RestoreReport.Streams())
    summary.proven = 5
    summary.settled(through: 4)
    #expect(streams(of: summary) == RestoreReport.Streams())
    summary.proven = 10
    summary.settled(through: 9)
    #expect(streams(of: summary).alreadyThere == 1)
  }

  @Test("A restore's position never passes a frame that is not dealt with")
  func settledPosition() {
    var window = FrameWindow()
    window.opened(unsettled: 2, links: [], end: at(10))
    window.opened(unsettled: 1, links: [], end: at(20))
    window.opened(unsettled: 0, links: [], end: at(30))
    expect(window.settled([1, 0]), is: [])
    #expect(window.settledPosition == nil)
    expect(window.settled([0]), is: [])
    #expect(window.settledPosition == at(30))
  }
}
