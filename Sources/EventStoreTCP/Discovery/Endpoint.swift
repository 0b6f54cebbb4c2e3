/// Where a node listens for clients.
package struct Endpoint: Hashable, Sendable {
  /// A host name or an IP address.
  package var host: String
  /// The TCP port.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

extension Endpoint: CustomStringConvertible {
  /// `host:port`, with brackets round an IPv6 address.
  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
