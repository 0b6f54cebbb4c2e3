/// What the node answers over HTTP, in the form of EventStore 4.1.4: gossip, and a little more.
enum HTTPResponder {
  /// An answer's status and body.
  struct Answer: Equatable {
    var status: Int
    var contentType: String
    var body: String
  }

  private static let json = "application/json; charset=utf-8"

  /// Answers a request; only GET and HEAD are known, and a few paths.
  static func answer(method: String, target: String, status: ClusterStatus) -> Answer {
    guard method == "GET" || method == "HEAD" else {
      return Answer(status: 405, contentType: "text/plain; charset=utf-8", body: "only GET is answered here\n")
    }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = parts.count > 1 ? parts[1].split(separator: "&") : []
    switch parts.first ?? "" {
    case "/gossip" where query.contains("format=xml"):
      return Answer(status: 406, contentType: "text/plain; charset=utf-8", body: "gossip is given as JSON only\n")
    case "/gossip": return Answer(status: 200, contentType: json, body: GossipText.document(status))
    case "/info": return Answer(status: 200, contentType: json, body: info)
    case "/ping": return Answer(status: 200, contentType: json, body: ping)
    case "/stats": return Answer(status: 200, contentType: json, body: stats(status.node))
    default: return Answer(status: 404, contentType: "text/plain; charset=utf-8", body: "not found\n")
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
