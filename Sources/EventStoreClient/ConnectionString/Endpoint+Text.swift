import EventStoreTCP

extension Endpoint {
  /// The endpoints in `host[:port],host[:port]…`; nil, and the problems, when one cannot be read.
  static func list(_ text: Substring, defaultPort: Int, _ problems: inout [String]) -> [Endpoint]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let endpoints = parts.compactMap { Endpoint($0.trimmed, defaultPort: defaultPort, &problems) }
    return endpoints.count == parts.count ? endpoints : nil
  }

  /// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; a bare IPv6 address has no port.
  init?(_ text: Substring, defaultPort: Int, _ problems: inout [String]) {
    var host = text
    var portText: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      if rest.hasPrefix(":") { portText = rest.dropFirst() } else if !rest.isEmpty { host = "" }
      if !host.contains(":") { host = "" }
    } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      portText = text[text.index(after: colon)...]
    }
    let port = portText.map { Int($0) ?? -1 } ?? defaultPort
    guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostCharacter) else {
      problems.append(text.isEmpty ? "a host is empty" : "\"\(text)\" is no host")
      return nil
    }
    guard (1...65535).contains(port) else {
      problems.append("the port of \(host) must be 1 to 65535")
      return nil
    }
    self.init(host: String(host), port: port)
  }

  /// Letters, digits and what separates them, in names and in addresses; `%` and a zone in IPv6.
  private static func isHostCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: ":"), UInt8(ascii: "%"):
      true
    default: byte >= 0x80
    }
  }
}
