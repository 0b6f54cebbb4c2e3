/// When the server asks a silent client for a sign of life, and when it gives up (PROTOCOL.md, heartbeats).
///
/// Any received frame counts. After an interval without one a request is sent; after a time-out without one more the
/// connection is closed. So the first request comes after one to two intervals of silence, as from EventStore 4.1.4.
struct HeartbeatStateMachine {
  private let interval: Duration
  private let timeOut: Duration
  private var state = State.idle

  private enum State {
    case idle
    /// Waiting for an interval to end; whether a frame came in it.
    case watching(heard: Bool)
    /// A request was sent; whether a frame came since.
    case asking(heard: Bool)
    case ended
  }

  /// What to do about the time that has passed.
  enum Action: Equatable {
    /// Call `timerFired()` after this long.
    case wait(Duration)
    /// Send a heartbeat request, and call `timerFired()` after this long.
    case askAndWait(Duration)
    /// Close the connection, and do nothing more.
    case close
    /// Nothing: the connection has ended.
    case none
  }

  init(interval: Duration, timeOut: Duration) {
    self.interval = interval
    self.timeOut = timeOut
  }

  /// The connection is there; the first interval begins.
  mutating func connected() -> Action {
    switch state {
    case .idle:
      state = .watching(heard: false)
      return .wait(interval)
    case .watching, .asking, .ended: return .none
    }
  }

  /// A frame of any kind came from the client.
  mutating func frameReceived() {
    switch state {
    case .watching: state = .watching(heard: true)
    case .asking: state = .asking(heard: true)
    case .idle, .ended: break
    }
  }

  /// The time that the last action named has passed.
  mutating func timerFired() -> Action {
    switch state {
    case .watching(heard: true), .asking(heard: true):
      state = .watching(heard: false)
      return .wait(interval)
    case .watching(heard: false):
      state = .asking(heard: false)
      return .askAndWait(timeOut)
    case .asking(heard: false):
      state = .ended
      return .close
    case .idle, .ended: return .none
    }
  }

  /// The connection has ended.
  mutating func disconnected() {
    state = .ended
  }
}
