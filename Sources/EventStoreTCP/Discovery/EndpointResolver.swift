/// Says which node to connect to; asked before every connection that is made.
package protocol EndpointResolver: Sendable {
  /// The node to connect to now.
  ///
  /// Ends within a bounded time.
  /// - Parameter failed: the node that was just lost or could not be reached; another one is better, where there is one.
  /// - Throws: `EventStoreError`, `discoveryFailed` when no node fits; it is tried again as often as the retry policy says.
  func resolve(avoiding failed: Endpoint?) async throws -> Endpoint
}

/// The one node that was named.
package struct FixedEndpoint: EndpointResolver {
  /// The node.
  package var endpoint: Endpoint

  package init(_ endpoint: Endpoint) {
    self.endpoint = endpoint
  }

  package func resolve(avoiding failed: Endpoint?) async throws -> Endpoint {
    endpoint
  }
}
