import EventStoreCore

/// What a node can do at the moment, shared by its connections.
final class SharedAvailability: Sendable {
  private let current = Locked(NodeAvailability.ready)

  var value: NodeAvailability {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
}
