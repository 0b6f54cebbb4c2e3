import EventStoreCore
import EventStoreTCP
import Logging

/// Finds the node to connect to by asking the cluster.
///
/// A seed that does not answer costs its time-out and no more.
actor GossipResolver: EndpointResolver {
  private var machine: DiscoveryStateMachine
  private let client: any GossipClient
  private let interval: Duration
  private let logger: Logger

  init(
    seeds: [Endpoint], selector: NodeSelector, maximumAttempts: Int, interval: Duration, client: any GossipClient,
    logger: Logger
  ) {
    machine = DiscoveryStateMachine(seeds: seeds, selector: selector, maximumAttempts: maximumAttempts)
    self.client = client
    self.interval = interval
    self.logger = logger
  }

  func resolve(avoiding failed: Endpoint?) async throws -> Endpoint {
    var random = SystemRandomNumberGenerator()
    var action = machine.nodeWanted(avoiding: failed, using: &random)
    while true {
      try Task.checkCancellation()
      switch action {
      case .ask(let seed): action = try await ask(seed)
      case .pause:
        try await Task.sleep(for: interval)
        action = machine.pauseEnded(using: &random)
      case .use(let node):
        logger.debug("gossip named a node", metadata: ["node": "\(node)"])
        return node
      case .fail(let code, let message, let cause):
        throw EventStoreError(code, message, cause: cause)
      }
    }
  }

  private func ask(_ seed: Endpoint) async throws -> DiscoveryStateMachine.Action {
    do {
      let members = try await client.members(knownBy: seed)
      var random = SystemRandomNumberGenerator()
      return machine.gossipReceived(members, using: &random)
    } catch let error as CancellationError {
      throw error
    } catch {
      logger.debug("a seed gave no gossip", metadata: ["seed": "\(seed)", "error": "\(error)"])
      // The error names the seed itself.
      return machine.seedFailed("\(error)")
    }
  }
}

/// Asks one node what it knows of its cluster.
protocol GossipClient: Sendable {
  /// The members, as this node sees them; ends within a bounded time.
  /// - Throws: `EventStoreError`.
  func members(knownBy node: Endpoint) async throws -> [GossipMember]
}

extension ConnectionSettings {
  /// What finds the node that these settings name.
  /// - Parameter choice: chooses among a cluster's nodes, in place of the preferred role.
  func resolver(choosingNode choice: NodeChoice?, logger: Logger) -> any EndpointResolver {
    switch target {
    case .node(let endpoint): return FixedEndpoint(endpoint)
    case .gossip(let seeds):
      let client = HTTPGossipClient(
        timeout: gossipTimeout, security: usesTLSForGossip ?? usesTLS ? security : nil)
      return GossipResolver(
        seeds: seeds, selector: NodeSelector(preference: nodePreference, usesTLS: usesTLS, choice: choice),
        maximumAttempts: maximumDiscoveryAttempts, interval: discoveryInterval, client: client, logger: logger)
    }
  }
}
