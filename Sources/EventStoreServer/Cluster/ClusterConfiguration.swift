/// How an embedded cluster runs.
package struct ClusterConfiguration: Sendable {
  /// How many nodes there are.
  package var count = 3
  /// The nodes, counted from 0, that never lead and take no writes.
  package var readOnlyReplicas: Set<Int> = []
  /// How gossip is written.
  package var gossip = GossipForm.version20
  /// What is the same for every node. Node n listens on the ports that are greater by n; on any free ones where they are 0.
  package var node = ServerConfiguration.freePorts

  package init() {}

  /// How one node runs.
  func configuration(of node: Int) -> ServerConfiguration {
    var configuration = self.node
    if configuration.tcpPort > 0 { configuration.tcpPort += node }
    if configuration.httpPort > 0 { configuration.httpPort += node }
    return configuration
  }

  /// - Throws: `ServerError` `invalidConfiguration` that names the first value that makes no sense.
  func validate() throws(ServerError) {
    guard (1...100).contains(count) else {
      throw ServerError(.invalidConfiguration, "a cluster has 1 to 100 nodes, not \(count)")
    }
    guard (0..<count).contains(where: { !readOnlyReplicas.contains($0) }) else {
      throw ServerError(.invalidConfiguration, "a cluster needs a node that is no read-only replica")
    }
    for index in 0..<count { try configuration(of: index).validate() }
    let (tcp, http) = (node.tcpPort, node.httpPort)
    guard tcp == 0 || http == 0 || abs(tcp - http) >= count else {
      throw ServerError(
        .invalidConfiguration, "the TCP ports from \(tcp) on and the HTTP ports from \(http) on overlap")
    }
  }
}
