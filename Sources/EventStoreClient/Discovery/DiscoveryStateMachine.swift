import EventStoreCore
import EventStoreTCP

/// Asks seeds for gossip, one after the other, until one names a node that fits; then again from the first, so many times.
///
/// The members that the last search named are asked before the configured seeds: those may have moved on. Without I/O:
/// every method tells what to do next.
struct DiscoveryStateMachine {
  /// What to do next.
  enum Action: Equatable {
    /// Ask this node for gossip.
    case ask(Endpoint)
    /// Wait, and then report `pauseEnded`.
    case pause
    /// Connect to this node.
    case use(Endpoint)
    /// Give up.
    case fail(EventStoreError.Code, String, cause: String?)
  }

  private enum State {
    case idle
    case asking(Search, rest: ArraySlice<Endpoint>)
    case pausing(Search)
  }

  private struct Search {
    var failed: Endpoint?
    var attempt = 1
    /// Why the last seed did not help.
    var refusal = "no seed was asked"
  }

  private let seeds: [Endpoint]
  private let selector: NodeSelector
  private let maximumAttempts: Int
  private var known: [Endpoint] = []
  private var state = State.idle

  init(seeds: [Endpoint], selector: NodeSelector, maximumAttempts: Int) {
    self.seeds = seeds
    self.selector = selector
    self.maximumAttempts = maximumAttempts
  }

  /// A node is wanted; a search that was under way is given up.
  mutating func nodeWanted(avoiding failed: Endpoint?, using random: inout some RandomNumberGenerator) -> Action {
    askFirst(Search(failed: failed), using: &random)
  }

  /// The node that was asked answered.
  mutating func gossipReceived(
    _ members: [GossipMember], using random: inout some RandomNumberGenerator
  ) -> Action {
    switch state {
    case .asking(var search, let rest):
      guard let node = selector.select(members, avoiding: search.failed, using: &random) else {
        search.refusal = selector.refusal(of: members)
        return askNext(search, rest)
      }
      known = members.filter(\.isAlive).compactMap(\.http)
      state = .idle
      return .use(node)
    case .idle, .pausing:
      return misuse()
    }
  }

  /// The node that was asked did not answer in time, or not with gossip.
  mutating func seedFailed(_ reason: String) -> Action {
    switch state {
    case .asking(var search, let rest):
      search.refusal = reason
      return askNext(search, rest)
    case .idle, .pausing:
      return misuse()
    }
  }

  /// The pause is over.
  mutating func pauseEnded(using random: inout some RandomNumberGenerator) -> Action {
    switch state {
    case .pausing(var search):
      search.attempt += 1
      return askFirst(search, using: &random)
    case .idle, .asking:
      return misuse()
    }
  }

  private mutating func askFirst(_ search: Search, using random: inout some RandomNumberGenerator) -> Action {
    let others = seeds.filter { !known.contains($0) }
    return askNext(search, (known.shuffled(using: &random) + others.shuffled(using: &random))[...])
  }

  private mutating func askNext(_ search: Search, _ rest: ArraySlice<Endpoint>) -> Action {
    if let next = rest.first {
      state = .asking(search, rest: rest.dropFirst())
      return .ask(next)
    }
    guard search.attempt < maximumAttempts else {
      state = .idle
      return .fail(
        .discoveryFailed, "no node was found by gossip in \(search.attempt) attempts", cause: search.refusal)
    }
    state = .pausing(search)
    return .pause
  }

  private mutating func misuse() -> Action {
    .fail(.discoveryFailed, "the search for a node was out of step", cause: nil)
  }
}
