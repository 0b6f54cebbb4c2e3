import EventStoreCore

/// How the event numbers of the reference become those of the target.
enum Numbering: Hashable, Sendable {
  /// They are the same.
  case same
  /// Counted anew, from 0 and without holes.
  case contiguous

  /// Decides by where the target ends: a stream with holes, or a late beginning, of which the target has as many events as
  /// the reference without holes, was numbered anew.
  init(_ tally: StreamTally, targetLast: EventNumber) {
    self = !tally.isRegular && targetLast == EventNumber(tally.events) - 1 ? .contiguous : .same
  }

  /// The number on the target of an event.
  ///
  /// - Parameter index: How many events of the stream the reference has before it.
  func onTarget(_ number: EventNumber, index: Int) -> EventNumber {
    switch self {
    case .same: number
    case .contiguous: EventNumber(index)
    }
  }
}
