import EventStoreCore

/// Where a stream ends on the target.
struct TargetHead: Hashable, Sendable {
  /// The number of the last event; -1 when it never had one, `EventNumber.deleted` when it is hard-deleted.
  var last: EventNumber
  /// Whether the stream is soft-deleted: its events are there, and cannot be read.
  var isSoftDeleted: Bool

  init(last: EventNumber, isSoftDeleted: Bool = false) {
    self.last = last
    self.isSoftDeleted = isSoftDeleted
  }

  /// What a backward read of one event says.
  init(_ page: StreamPage) {
    switch page.status {
    case .found: self.init(last: page.lastEventNumber)
    case .noStream: self.init(last: page.lastEventNumber, isSoftDeleted: page.lastEventNumber >= 0)
    case .deleted: self.init(last: .deleted)
    }
  }

  /// Whether the stream can never be written again.
  var isHardDeleted: Bool { last == .deleted }
}
