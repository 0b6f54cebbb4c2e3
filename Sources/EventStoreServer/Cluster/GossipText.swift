/// The JSON that `GET /gossip` answers.
enum GossipText {
  /// The whole document, laid out as by a real server.
  static func document(_ cluster: ClusterStatus) -> String {
    """
    {
      "members": [
    \(cluster.members.map { member($0, cluster.form) }.joined(separator: ",\n"))
      ],
      "serverIp": "\(cluster.node.host)",
      "serverPort": \(cluster.node.httpPort)
    }
    """
  }

  private static func member(_ node: NodeStatus, _ form: GossipForm) -> String {
    let plainPort = node.isTCPSecure ? 0 : node.tcpPort
    let securePort = node.isTCPSecure ? node.tcpPort : 0
    return """
          {
            "instanceId": "\(node.instanceID)",
            "timeStamp": "\(node.now)",
            "state": "\(form.name(of: node.role))",
            "isAlive": \(node.isAlive),
            "internalTcpIp": "\(node.host)",
            "internalTcpPort": \(plainPort),
            "internalSecureTcpPort": \(securePort),
            "externalTcpIp": "\(node.host)",
            "externalTcpPort": \(plainPort),
            "externalSecureTcpPort": \(securePort),
      \(httpAddresses(node, form))
            "lastCommitPosition": \(node.lastCommitPosition),
            "writerCheckpoint": \(node.writerCheckpoint),
            "chaserCheckpoint": \(node.writerCheckpoint),
            "epochPosition": 0,
            "epochNumber": 0,
            "epochId": "\(node.epochID)",
            "nodePriority": 0\(replicaMark(node, form))
          }
      """
  }

  private static func httpAddresses(_ node: NodeStatus, _ form: GossipForm) -> String {
    switch form {
    case .version4:
      """
            "internalHttpIp": "\(node.host)",
            "internalHttpPort": \(node.httpPort),
            "externalHttpIp": "\(node.host)",
            "externalHttpPort": \(node.httpPort),
      """
    case .version20:
      """
            "internalHttpEndPointIp": "\(node.host)",
            "internalHttpEndPointPort": \(node.httpPort),
            "httpEndPointIp": "\(node.host)",
            "httpEndPointPort": \(node.httpPort),
      """
    }
  }

  private static func replicaMark(_ node: NodeStatus, _ form: GossipForm) -> String {
    switch form {
    case .version4: ""
    case .version20: ",\n        \"isReadOnlyReplica\": \(node.role == .readOnlyReplica)"
    }
  }
}
