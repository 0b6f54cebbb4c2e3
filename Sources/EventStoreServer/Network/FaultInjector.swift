import EventStoreCore

/// The plan of faults that all connections of a server share.
final class FaultInjector: Sendable {
  private let faults = Locked(FaultPlan())
  private let availability: SharedAvailability

  /// - Parameter availability: What the node can do, which faults can change.
  init(_ availability: SharedAvailability = SharedAvailability()) {
    self.availability = availability
  }

  var hits: Int { faults.withLock { $0.hits } }

  var isPending: Bool { faults.withLock { $0.isPending } }

  func plan(_ fault: Fault) {
    faults.withLock { $0.plan(fault) }
  }

  /// A request came; what goes wrong with it. What changes the node has been done by then.
  func requestReceived(command: UInt8) -> Fault.Effect? {
    let effect = faults.withLock { $0.requestReceived(command: command) }
    if case .changeNode(let change) = effect { availability.value = change }
    return effect
  }

  func connectionOpened() -> Bool {
    faults.withLock { $0.connectionOpened() }
  }

  func httpRequestReceived() -> Bool {
    faults.withLock { $0.httpRequestReceived() }
  }
}
