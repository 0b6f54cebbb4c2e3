import Logging

extension SessionHandler {
  /// What all connections of a server share.
  struct Service: Sendable {
    let log: EventLog
    let users: UserTable
    let groups: PersistentSubscriptions
    let faults: FaultInjector
    /// Whether requests with filters are understood.
    let knowsFilters: Bool
    /// What the node can do at the moment.
    let availability: @Sendable () -> NodeAvailability
    let heartbeatInterval: Duration
    let heartbeatTimeOut: Duration
    let maximumFrameBytes: Int
    let logger: Logger
  }
}
