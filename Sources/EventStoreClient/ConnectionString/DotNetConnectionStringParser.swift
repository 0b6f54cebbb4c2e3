import EventStoreCore
import EventStoreTCP

/// Reads the .NET client's `Name=value; Name=value`.
enum DotNetConnectionStringParser {
  /// The settings; nil when the place cannot be read. Every problem is appended, none names a secret.
  static func parse(_ text: String, _ problems: inout [String]) -> ConnectionSettings? {
    var places: [ConnectionSettings] = []
    var credentials: Credentials?
    var options: [(ConnectionOption, name: String, value: String)] = []
    var seen: Set<String> = []
    for part in text.split(separator: ";") {
      let pair = part.trimmed
      if pair.isEmpty { continue }
      guard let equals = pair.firstIndex(of: "=") else {
        // Without a name it may be anything, a password too.
        problems.append("a part has no name; parts look like Name=value")
        continue
      }
      let name = String(pair[..<equals].trimmed)
      let value = pair[pair.index(after: equals)...].trimmed
      guard seen.insert(name.lowercased()).inserted else {
        problems.append("\(name) is given twice")
        continue
      }
      switch name.lowercased() {
      case "connectto": connectTo(value, &places, &problems)
      case "gossipseeds":
        if let seeds = Endpoint.list(value, defaultPort: 2113, &problems) {
          places.append(ConnectionSettings(target: .gossip(seeds)))
        }
      case "defaultusercredentials": credentials = Self.credentials(value, &problems)
      case let known:
        if let option = ConnectionOption.dotNetNames[known] {
          options.append((option, name, String(value)))
        } else {
          problems.append("there is no option \(name)")
        }
      }
    }
    return settings(places, credentials, options, seen, &problems)
  }

  private static func settings(
    _ places: [ConnectionSettings], _ credentials: Credentials?,
    _ options: [(ConnectionOption, name: String, value: String)], _ names: Set<String>, _ problems: inout [String]
  ) -> ConnectionSettings? {
    let hasPlace = names.contains("connectto") || names.contains("gossipseeds")
    if !hasPlace { problems.append("it has neither ConnectTo nor GossipSeeds") }
    if places.count > 1 { problems.append("ConnectTo and GossipSeeds exclude each other") }
    var settings = places.first ?? ConnectionSettings(target: .gossip([]))
    if let credentials { settings.credentials = credentials }
    // The gossip of servers that this form was made for is plain HTTP, also beside a secure TCP port.
    if settings.usesTLSForGossip == nil { settings.usesTLSForGossip = false }
    for (option, name, value) in options { settings.apply(option, name, value, &problems) }
    return places.isEmpty ? nil : settings
  }

  private static func connectTo(
    _ value: Substring, _ places: inout [ConnectionSettings], _ problems: inout [String]
  ) {
    if let place = ConnectionURLParser.parse(String(value), &problems) { places.append(place) }
  }

  private static func credentials(_ value: Substring, _ problems: inout [String]) -> Credentials? {
    guard let colon = value.firstIndex(of: ":"), colon != value.startIndex else {
      problems.append("DefaultUserCredentials must be user:password")
      return nil
    }
    return Credentials(login: String(value[..<colon]), password: String(value[value.index(after: colon)...]))
  }
}
