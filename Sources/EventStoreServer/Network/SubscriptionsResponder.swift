import EventStoreCore

/// What the node answers about persistent subscriptions: how they are doing, and to a wish to replay what is parked.
struct SubscriptionsResponder: Sendable {
  let groups: PersistentSubscriptions
  let users: UserTable

  /// Answers a request whose path begins with `subscriptions`.
  func answer(_ request: HTTPRequest, node: NodeStatus) -> HTTPAnswer {
    var asker: Principal?
    if request.hasAuthorization {
      guard let principal = request.credentials.flatMap(users.authenticate) else { return .unauthorized() }
      asker = principal
    }
    let path = request.path
    switch (path.count, path.last) {
    case (1, _): return list(request, stream: nil, node, asker)
    case (2, _): return list(request, stream: StreamName(path[1]), node, asker)
    case (4, "info"): return details(request, key(path), node, asker)
    case (4, "replayParked"): return replay(request, key(path), asker)
    default: return .notFound
    }
  }

  private func key(_ path: [String]) -> GroupKey { GroupKey(stream: StreamName(path[1]), group: path[2]) }

  private func list(_ request: HTTPRequest, stream: StreamName?, _ node: NodeStatus, _ asker: Principal?) -> HTTPAnswer
  {
    guard request.isRead else { return .notAllowed("GET, HEAD") }
    guard let reports = groups.reports(stream: stream, by: asker) else { return .unauthorized() }
    if stream != nil, reports.isEmpty { return .notFound }
    return .json(IndentedJSON.array(reports.map { SubscriptionsText.summary($0, node) }))
  }

  private func details(_ request: HTTPRequest, _ key: GroupKey, _ node: NodeStatus, _ asker: Principal?) -> HTTPAnswer {
    guard request.isRead else { return .notAllowed("GET, HEAD") }
    guard let reports = groups.reports(stream: key.stream, group: key.group, by: asker) else { return .unauthorized() }
    guard let report = reports.first else { return .notFound }
    return .json(SubscriptionsText.details(report, node))
  }

  private func replay(_ request: HTTPRequest, _ key: GroupKey, _ asker: Principal?) -> HTTPAnswer {
    guard request.method == "POST" else { return .notAllowed("POST") }
    switch groups.replayParked(key, by: asker) {
    case .begun: return .json(SubscriptionsText.result("Success"))
    case .accessDenied:
      return .unauthorized(
        SubscriptionsText.result("AccessDenied", "You do not have permissions to replay messages"))
    case .notFound:
      var answer = HTTPAnswer.json(
        SubscriptionsText.result("DoesNotExist", "Unable to locate '\(key.subscriptionID)'"))
      answer.status = 404
      return answer
    }
  }
}
