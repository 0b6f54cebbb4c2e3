/// What the node answers over HTTP, in the form of EventStore 4.1.4: gossip, and a little more.
enum HTTPResponder {
  /// Answers a request; only GET and HEAD are known, and a few paths.
  static func answer(_ request: HTTPRequest, status: ClusterStatus) -> HTTPAnswer {
    guard request.isRead else { return .notAllowed("GET, HEAD") }
    switch request.path {
    case ["gossip"] where request.query.contains("format=xml"): return .text(406, "gossip is given as JSON only")
    case ["gossip"]: return .json(GossipText.document(status))
    case ["info"]: return .json(info)
    case ["ping"]: return .json(ping)
    case ["stats"]: return .json(stats(status.node))
    default: return .notFound
    }
  }

  private static let info = """
    {
      "esVersion": "4.1.4.0",
      "state": "master",
      "projectionsMode": "None"
    }
    """

  private static let ping = """
    {
      "msgTypeId": 177,
      "text": "Ping request successfully handled"
    }
    """

  private static func stats(_ node: NodeStatus) -> String {
    """
    {
      "proc": {
        "startTime": "\(node.started)",
        "tcp": {
          "connections": \(node.connectionCount)
        }
      },
      "es": {
        "checksum": \(node.writerCheckpoint),
        "checksumNonFlushed": \(node.writerCheckpoint)
      }
    }
    """
  }
}
