package import NIOCore

/// Notices a silent peer: asks for a sign of life after some silence, and gives up when none comes.
///
/// Any bytes count as life, also those of a frame that is not complete yet, and those that leave (docs/PROTOCOL.md,
/// "Heartbeats").
package struct HeartbeatStateMachine: Sendable {
  /// What to do as time passes.
  package enum Action: Hashable, Sendable {
    /// Nothing yet.
    case wait
    /// Send a heartbeat request.
    case ask
    /// The peer is gone; nothing more will be asked.
    case giveUp
  }

  private enum State {
    case alive(since: NIODeadline)
    case asked(at: NIODeadline)
    case silent
  }

  private var state: State
  private let interval: TimeAmount
  private let timeout: TimeAmount

  package init(interval: Duration, timeout: Duration, now: NIODeadline) {
    self.interval = TimeAmount(interval)
    self.timeout = TimeAmount(timeout)
    state = .alive(since: now)
  }

  /// Some bytes came from the peer, or went to it.
  package mutating func bytesMoved(now: NIODeadline) {
    switch state {
    case .alive, .asked: state = .alive(since: now)
    case .silent: break
    }
  }

  /// Time has passed.
  package mutating func timePassed(now: NIODeadline) -> Action {
    switch state {
    case .alive(let since):
      guard now >= since + interval else { return .wait }
      state = .asked(at: now)
      return .ask
    case .asked(let askedAt):
      guard now >= askedAt + timeout else { return .wait }
      state = .silent
      return .giveUp
    case .silent:
      return .wait
    }
  }
}
