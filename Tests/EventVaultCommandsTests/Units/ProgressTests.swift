import EventStoreCore
import EventVaultCommands
import Testing

@Suite("Progress")
struct ProgressTests {
  @Test("A line tells events, rate, position, percent and the time left")
  func line() {
    var meter = ProgressMeter()
    _ = meter.read(ProgressReading(events: 0, fraction: 0), elapsed: .zero)
    let sample = meter.read(
      ProgressReading(events: 10_000, position: Position(commit: 500, prepare: 480), fraction: 0.25),
      elapsed: .seconds(5))
    #expect(
      ProgressFormatter(verb: "backup").line(sample)
        == "backup  10,000 events  2,000/s  at 500/480  25%  15 s left")
    #expect(
      ProgressFormatter(verb: "backup").json(sample).text
        == #"{"kind":"progress","version":1,"command":"backup","events":10000,"eventsPerSecond":2000,"elapsedSeconds":5,"#
        + #""position":{"commit":500,"prepare":480},"percent":25,"secondsLeft":15}"#)
  }

  @Test("What is not known is not told")
  func unknown() {
    var meter = ProgressMeter()
    let sample = meter.read(ProgressReading(events: 1), elapsed: .zero)
    #expect(ProgressFormatter(verb: "restore").line(sample) == "restore  1 event  0/s")
  }

  @Test("A follower tells percent and time left until it is live, and its lag")
  func follower() {
    var meter = ProgressMeter()
    let formatter = ProgressFormatter(verb: "backup", isFollowing: true)
    let behind = meter.read(ProgressReading(events: 10, fraction: 0.5, lagBytes: 2048), elapsed: .seconds(1))
    #expect(formatter.line(behind) == "backup  10 events  10/s  50%  1 s left  lag 2 KiB")
    let live = meter.read(ProgressReading(events: 20, fraction: 1, lagBytes: 0, isLive: true), elapsed: .seconds(2))
    #expect(formatter.line(live) == "backup  20 events  10/s  live  lag 0 B")
    #expect(formatter.json(live).text.hasSuffix(#""live":true,"lagBytes":0}"#))
  }

  @Test("The rate is that of the last seconds, not of the whole run")
  func window() {
    var meter = ProgressMeter()
    for second in 0...60 {
      _ = meter.read(ProgressReading(events: min(second, 30) * 100), elapsed: .seconds(second))
    }
    let sample = meter.read(ProgressReading(events: 3000), elapsed: .seconds(61))
    #expect(sample.eventsPerSecond == 0)
  }

  @Test("100 percent is shown only when all is done")
  func percent() {
    var meter = ProgressMeter()
    let nearly = meter.read(ProgressReading(events: 1, fraction: 0.9999), elapsed: .seconds(1))
    #expect(ProgressFormatter(verb: "verify").line(nearly).contains("99%"))
    let done = meter.read(ProgressReading(events: 1, fraction: 1), elapsed: .seconds(2))
    #expect(ProgressFormatter(verb: "verify").line(done).contains("100%"))
  }

  @Test("A terminal is rewritten often, elsewhere a line comes every ten seconds")
  func pacing() {
    var terminal = ProgressPacing(isTerminal: true)
    #expect(
      [0, 100, 200, 300, 450].map { terminal.isDue(at: .milliseconds($0)) } == [false, false, true, false, true])
    var plain = ProgressPacing(isTerminal: false)
    #expect([0, 9, 10, 15, 20].map { plain.isDue(at: .seconds($0)) } == [false, false, true, false, true])
  }
}
