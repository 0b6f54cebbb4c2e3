import EventStoreCore

/// The plan of faults that all connections of a server share.
final class FaultInjector: Sendable {
  private let faults = Locked(FaultPlan())

  var hits: Int { faults.withLock { $0.hits } }

  var isPending: Bool { faults.withLock { $0.isPending } }

  func plan(_ fault: Fault) {
    faults.withLock { $0.plan(fault) }
  }

  func requestReceived(command: UInt8) -> Fault.Effect? {
    faults.withLock { $0.requestReceived(command: command) }
  }

  func connectionOpened() -> Bool {
    faults.withLock { $0.connectionOpened() }
  }
}
