/// The faults that are still to happen, and how often each has.
///
/// Faults are looked at in the order in which they were planned; at most one hits a request, and those behind it do not
/// count that request.
struct FaultPlan {
  private var entries: [Entry] = []

  private struct Entry {
    let fault: Fault
    var seen = 0
    var hits = 0

    /// Counts a request or connection that fits; whether it is hit.
    mutating func meet() -> Bool {
      seen += 1
      guard seen > fault.skipping, hits < fault.times else { return false }
      hits += 1
      return true
    }
  }

  /// How many requests and connections were hit.
  var hits: Int { entries.reduce(0) { $0 + $1.hits } }

  /// Whether a planned fault has not happened as often as planned.
  var isPending: Bool { entries.contains { $0.hits < $0.fault.times } }

  /// Adds a fault.
  mutating func plan(_ fault: Fault) {
    entries.append(Entry(fault: fault))
  }

  /// A request came; what goes wrong with it, if anything.
  mutating func requestReceived(command: UInt8) -> Fault.Effect? {
    for index in entries.indices {
      let fault = entries[index].fault
      guard fault.effect.hitsRequests, fault.command == nil || fault.command == command else { continue }
      if entries[index].meet() { return fault.effect }
    }
    return nil
  }

  /// A connection was opened; whether it is refused.
  mutating func connectionOpened() -> Bool {
    meet(.refuseConnection)
  }

  /// A request came over HTTP; whether it is never answered.
  mutating func httpRequestReceived() -> Bool {
    meet(.ignoreHTTP)
  }

  private mutating func meet(_ effect: Fault.Effect) -> Bool {
    for index in entries.indices where entries[index].fault.effect == effect {
      if entries[index].meet() { return true }
    }
    return false
  }
}

extension Fault.Effect {
  /// Whether it is something that happens to a request over TCP.
  fileprivate var hitsRequests: Bool {
    switch self {
    case .cutBefore, .cutAfter, .dropAnswer, .delayAnswer, .halfOpen, .changeNode: true
    case .refuseConnection, .ignoreHTTP: false
    }
  }
}
