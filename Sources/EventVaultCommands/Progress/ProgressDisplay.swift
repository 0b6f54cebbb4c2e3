import EventStoreCore

/// Shows the progress of one run on standard error.
package final class ProgressDisplay: Sendable {
  private struct State {
    var meter = ProgressMeter()
    var pacing: ProgressPacing
  }

  private let console: Console
  private let formatter: ProgressFormatter
  private let json: Bool
  private let began = ContinuousClock.now
  private let state: Locked<State>

  /// - Parameter json: Whether lines of JSON are shown, also on a terminal.
  package init(console: Console, formatter: ProgressFormatter, json: Bool) {
    self.console = console
    self.formatter = formatter
    self.json = json
    state = Locked(State(pacing: ProgressPacing(isTerminal: console.isTerminal && !json)))
  }

  /// Takes note of how far the run has come, and shows it when it is time.
  package func update(_ reading: ProgressReading) {
    let elapsed = began.duration(to: .now)
    let sample: ProgressSample? = state.withLock { state in
      state.pacing.isDue(at: elapsed) ? state.meter.read(reading, elapsed: elapsed) : nil
    }
    guard let sample else { return }
    if json {
      console.note(formatter.json(sample).text)
    } else if console.isTerminal {
      console.showProgress(formatter.line(sample))
    } else {
      console.note(formatter.line(sample))
    }
  }

  /// Clears the line on a terminal; the report comes next.
  package func finish() {
    console.wipeProgress()
  }

  /// The time since the run began.
  package var elapsed: Duration { began.duration(to: .now) }
}
