import EventStoreCore
import EventStoreTCP

/// Reads `scheme://[user:password@]host[:port][,host[:port]…][/][?name=value&…]`.
enum ConnectionURLParser {
  /// The settings; nil when the place cannot be read. Every problem is appended, none names a secret.
  static func parse(_ text: String, _ problems: inout [String]) -> ConnectionSettings? {
    guard let separator = text.firstRange(of: "://") else {
      problems.append("it does not begin with a scheme")
      return nil
    }
    let scheme = text[..<separator.lowerBound].lowercased()
    let rest = text[separator.upperBound...]
    let query = rest.firstIndex(of: "?")
    var authority = rest[..<(query ?? rest.endIndex)]
    if authority.hasSuffix("/") { authority.removeLast() }
    let credentials = takeCredentials(from: &authority, &problems)
    let target = target(scheme, authority, &problems)
    var settings = ConnectionSettings(target: target ?? .gossip([]))
    settings.credentials = credentials
    if let query { parseOptions(rest[rest.index(after: query)...], into: &settings, &problems) }
    return target == nil ? nil : settings
  }

  /// The last `@` ends the user: a password may hold another one without its percent code.
  private static func takeCredentials(from authority: inout Substring, _ problems: inout [String]) -> Credentials? {
    guard let at = authority.lastIndex(of: "@") else { return nil }
    let user = authority[..<at]
    authority = authority[authority.index(after: at)...]
    guard let colon = user.firstIndex(of: ":"), colon != user.startIndex else {
      problems.append("the user must be given as user:password")
      return nil
    }
    guard let login = user[..<colon].percentDecoded, let password = user[user.index(after: colon)...].percentDecoded
    else {
      problems.append("the user or the password has a broken percent code")
      return nil
    }
    return Credentials(login: login, password: password)
  }

  private static func target(
    _ scheme: String, _ authority: Substring, _ problems: inout [String]
  ) -> ConnectionSettings.Target? {
    switch scheme {
    case "tcp":
      guard let hosts = Endpoint.list(authority, defaultPort: 1113, &problems) else { return nil }
      guard let node = hosts.first, hosts.count == 1 else {
        problems.append("tcp:// takes one host; name the nodes of a cluster with discover://")
        return nil
      }
      return .node(node)
    case "discover":
      return Endpoint.list(authority, defaultPort: 2113, &problems).map { .gossip($0) }
    case "esdb", "esdb+discover", "kdb", "kdb+discover", "kurrentdb", "kurrentdb+discover":
      problems.append("\(scheme):// is gRPC, which is not there yet; use tcp:// or discover://")
      return nil
    default:
      problems.append("\(scheme):// is not known; use tcp:// or discover://")
      return nil
    }
  }

  private static func parseOptions(
    _ query: Substring, into settings: inout ConnectionSettings, _ problems: inout [String]
  ) {
    var seen: Set<ConnectionOption> = []
    for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
      let name = String(pair.prefix { $0 != "=" })
      guard let option = ConnectionOption.urlNames[name.lowercased()] else {
        problems.append("there is no option \(name)")
        continue
      }
      guard seen.insert(option).inserted else {
        problems.append("\(name) is given twice")
        continue
      }
      guard let value = pair.dropFirst(name.count + 1).percentDecoded else {
        problems.append("\(name) has a broken percent code")
        continue
      }
      settings.apply(option, name, value, &problems)
    }
  }
}
