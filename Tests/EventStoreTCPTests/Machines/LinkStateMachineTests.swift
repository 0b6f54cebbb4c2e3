import EventStoreCore
import EventStoreTCP
import Testing

@Suite struct LinkStateMachineTests {
  private let one = Endpoint(host: "one", port: 1113)
  private let two = Endpoint(host: "two", port: 1113)
  private let three = Endpoint(host: "three", port: 1113)
  private let lost = EventStoreError(.connectionLost, "lost")
  private let unreachable = EventStoreError(.unreachable, "nobody there")

  private func connected(to endpoint: Endpoint) -> LinkStateMachine {
    var link = LinkStateMachine(configuration: .small)
    expect(link.needed(), is: .resolve(avoiding: nil))
    expect(link.resolved(endpoint), is: .connect(endpoint))
    link.connected()
    return link
  }

  @Test("A request makes it connect once, however many follow")
  func needed() {
    var link = LinkStateMachine(configuration: .small)
    expect(link.needed(), is: .resolve(avoiding: nil))
    expect(link.needed(), is: .none)
    expect(link.resolved(one), is: .connect(one))
    expect(link.needed(), is: .none)
    link.connected()
    expect(link.needed(), is: .none)
  }

  @Test("Row 32: the first connection is tried as often as allowed; then it gives up, and the next request begins anew")
  func firstConnection() {
    var link = LinkStateMachine(configuration: .small)
    for _ in 0..<2 {
      expect(link.needed(), is: .resolve(avoiding: nil))
      expect(link.resolved(one), is: .connect(one))
      expect(link.attemptFailed(unreachable, random: 1), is: .pause(.seconds(1)))
      expect(link.pauseEnded(), is: .resolve(avoiding: one))
      expect(link.resolved(one), is: .connect(one))
      expect(
        link.attemptFailed(unreachable, random: 1),
        is: .giveUp(EventStoreError(.unreachable, "nobody there, after 2 attempts")))
    }
  }

  @Test("Row 32: a lost connection is tried again, another node first, with growing pauses")
  func reconnects() {
    var link = connected(to: one)
    expect(link.lost(lost, random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: one))
    expect(link.resolved(two), is: .connect(two))
    expect(link.attemptFailed(unreachable, random: 1), is: .pause(.seconds(2)))
    expect(link.pauseEnded(), is: .resolve(avoiding: two))
    expect(link.resolved(one), is: .connect(one))
    link.connected()
    expect(link.needed(), is: .none)
  }

  @Test("Row 32: after as many failures in a row as allowed it gives up")
  func givesUp() {
    var link = connected(to: one)
    expect(link.lost(lost, random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: one))
    expect(link.attemptFailed(EventStoreError(.discoveryFailed, "no node"), random: 1), is: .pause(.seconds(2)))
    expect(link.pauseEnded(), is: .resolve(avoiding: one))
    expect(link.resolved(one), is: .connect(one))
    expect(
      link.attemptFailed(unreachable, random: 1),
      is: .giveUp(EventStoreError(.unreachable, "nobody there, after 3 attempts")))
  }

  @Test("Connections that are lost before they answered anything count as failures in a row; an answer ends the row")
  func shortLives() {
    var link = connected(to: one)
    for pause in [1, 2] {
      expect(link.lost(lost, random: 1), is: .pause(.seconds(pause)))
      expect(link.pauseEnded(), is: .resolve(avoiding: one))
      expect(link.resolved(one), is: .connect(one))
      link.connected()
    }
    var useful = link
    expect(link.lost(lost, random: 1), is: .giveUp(EventStoreError(.connectionLost, "lost, after 3 attempts")))
    useful.answered()
    expect(useful.lost(lost, random: 1), is: .pause(.seconds(1)))
  }

  @Test("Row 32: with the never-give-up option it never gives up")
  func neverGivesUp() {
    var configuration = TCPConfiguration.small
    configuration.firstConnection.maximumAttempts = nil
    var link = LinkStateMachine(configuration: configuration)
    expect(link.needed(), is: .resolve(avoiding: nil))
    for attempt in 0..<1000 {
      expect(link.attemptFailed(unreachable, random: 1), is: .pause(.seconds(min(8, 1 << min(attempt, 4)))))
      expect(link.pauseEnded(), is: .resolve(avoiding: nil))
    }
  }

  @Test("A node that names the leader is left, and the leader is connected to")
  func redirect() {
    var link = connected(to: one)
    expect(link.redirected(to: two), is: .leave)
    expect(link.redirected(to: two), is: .none)
    expect(link.left(random: 1), is: .connect(two))
    link.connected()
    link.answered()
    expect(link.redirected(to: three), is: .leave)
    expect(link.lost(lost, random: 1), is: .connect(three))
  }

  @Test("Redirects without an answer in between are bounded; then the resolver is asked")
  func redirectLoop() {
    var link = connected(to: one)
    for next in [two, three] {
      expect(link.redirected(to: next), is: .leave)
      expect(link.left(random: 1), is: .connect(next))
      link.connected()
    }
    expect(link.redirected(to: one), is: .leave)
    expect(link.left(random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: three))
  }

  @Test("A node that names itself knows nothing better, and the resolver is asked")
  func selfRedirect() {
    var link = connected(to: one)
    expect(link.redirected(to: one), is: .leave)
    expect(link.left(random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: one))
  }

  @Test("Row 30: a leader that is dead is left to the resolver, which is told to avoid it")
  func deadLeader() {
    var link = connected(to: one)
    expect(link.redirected(to: two), is: .leave)
    expect(link.left(random: 1), is: .connect(two))
    expect(link.attemptFailed(unreachable, random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: two))
  }

  @Test("A node that knows no leader is avoided by the next search")
  func noLeader() {
    var link = connected(to: one)
    expect(link.redirected(to: nil), is: .leave)
    expect(link.left(random: 1), is: .pause(.seconds(1)))
    expect(link.pauseEnded(), is: .resolve(avoiding: one))
  }

  @Test("TLS that fails, and a first login that is refused, are not tried again")
  func permanent() {
    let refused = EventStoreError(.notAuthenticated, "wrong password")
    for error in [EventStoreError(.tlsFailed, "no"), refused] {
      var link = LinkStateMachine(configuration: .small)
      expect(link.needed(), is: .resolve(avoiding: nil))
      expect(link.resolved(one), is: .connect(one))
      expect(link.attemptFailed(error, random: 1), is: .giveUp(error))
    }
    var later = connected(to: one)
    expect(later.lost(lost, random: 1), is: .pause(.seconds(1)))
    expect(later.pauseEnded(), is: .resolve(avoiding: one))
    expect(later.resolved(one), is: .connect(one))
    expect(later.attemptFailed(refused, random: 1), is: .pause(.seconds(2)))
  }

  @Test("Closed, it does nothing more")
  func closed() {
    var link = connected(to: one)
    link.closed()
    #expect(link.isClosed)
    expect(link.lost(lost, random: 1), is: .none)
    expect(link.needed(), is: .none)
    expect(link.redirected(to: two), is: .none)
    expect(link.pauseEnded(), is: .none)
    expect(link.resolved(one), is: .none)
  }
}
