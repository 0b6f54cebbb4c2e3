/// What a node tells over HTTP: about itself, and about its cluster.
struct ClusterStatus: Equatable, Sendable {
  /// The node that is asked.
  var node: NodeStatus
  /// All nodes, the one that is asked among them.
  var members: [NodeStatus]
  /// How gossip is written.
  var form: GossipForm

  /// A node alone.
  init(alone node: NodeStatus) {
    self.init(node: node, members: [node], form: .version4)
  }

  init(node: NodeStatus, members: [NodeStatus], form: GossipForm) {
    self.node = node
    self.members = members
    self.form = form
  }
}
