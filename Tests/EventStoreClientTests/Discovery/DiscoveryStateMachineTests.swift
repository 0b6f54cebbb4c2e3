import EventStoreCore
import EventStoreTCP
import Testing

@testable import EventStoreClient

@Suite("The search for a node")
struct DiscoveryStateMachineTests {
  private func machine(_ seeds: [Endpoint], attempts: Int = 3) -> DiscoveryStateMachine {
    DiscoveryStateMachine(
      seeds: seeds, selector: NodeSelector(preference: .leader, usesTLS: false), maximumAttempts: attempts)
  }

  private var random = FixedRandom()

  @Test("Row 30: the first seed that knows a fitting node ends the search")
  mutating func found() {
    var machine = machine([seed(1)])
    #expect(machine.nodeWanted(avoiding: nil, using: &random) == .ask(seed(1)))
    #expect(machine.gossipReceived([member(1, .follower), member(2, .leader)], using: &random) == .use(node(2)))
  }

  @Test("Row 31: every seed is asked once in an attempt, and all attempts end")
  mutating func bounded() {
    let seeds = [seed(1), seed(2), seed(3)]
    var machine = machine(seeds, attempts: 2)
    var asked: [Endpoint] = []
    var action = machine.nodeWanted(avoiding: nil, using: &random)
    for attempt in 1...2 {
      for _ in seeds {
        guard case .ask(let seed) = action else {
          Issue.record("\(action) in attempt \(attempt)")
          return
        }
        asked.append(seed)
        action = machine.seedFailed("silent")
      }
      if attempt == 1 {
        #expect(action == .pause)
        action = machine.pauseEnded(using: &random)
      }
    }
    #expect(action == .fail(.discoveryFailed, "no node was found by gossip in 2 attempts", cause: "silent"))
    #expect(Set(asked.prefix(3)) == Set(seeds))
    #expect(Set(asked.suffix(3)) == Set(seeds))
  }

  @Test("Row 30: a seed that knows no fitting node is passed over")
  mutating func passedOver() {
    var machine = machine([seed(1), seed(2)], attempts: 1)
    guard case .ask(let first) = machine.nodeWanted(avoiding: nil, using: &random) else {
      Issue.record("no seed was asked")
      return
    }
    let other = first == seed(1) ? seed(2) : seed(1)
    #expect(machine.gossipReceived([member(1, .unavailable("Unknown"))], using: &random) == .ask(other))
    #expect(
      machine.gossipReceived([member(1, .unavailable("Unknown"))], using: &random)
        == .fail(.discoveryFailed, "no node was found by gossip in 1 attempts", cause: "no node is ready: Unknown"))
  }

  @Test(
    "Row 30: after a loss the living members of the last gossip are asked before the seeds, and the lost node is avoided"
  )
  mutating func afterALoss() {
    var machine = machine([seed(9)])
    _ = machine.nodeWanted(avoiding: nil, using: &random)
    let members = [member(1, .leader), member(2, .follower), member(3, .follower, isAlive: false)]
    #expect(machine.gossipReceived(members, using: &random) == .use(node(1)))
    var asked: [Endpoint] = []
    var action = machine.nodeWanted(avoiding: node(1), using: &random)
    while case .ask(let seed) = action {
      asked.append(seed)
      action = machine.seedFailed("gone")
    }
    #expect(Set(asked.prefix(2)) == [seed(1), seed(2)])
    #expect(asked.dropFirst(2) == [seed(9)])
    #expect(action == .pause)
    _ = machine.pauseEnded(using: &random)
    #expect(
      machine.gossipReceived([member(1, .leader), member(2, .follower)], using: &random) == .use(node(2)))
  }

  @Test("A new wish replaces a search that was given up")
  mutating func startedAgain() {
    var machine = machine([seed(1)])
    _ = machine.nodeWanted(avoiding: nil, using: &random)
    #expect(machine.nodeWanted(avoiding: nil, using: &random) == .ask(seed(1)))
    #expect(machine.gossipReceived([member(1, .leader)], using: &random) == .use(node(1)))
  }
}
