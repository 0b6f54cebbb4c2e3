package import EventStoreCore

/// Something a `LogConnection` does wrong on purpose, so that the answer to it can be tested.
package enum LogFault: Sendable {
  /// Nothing is done, and this is thrown.
  case refuse(EventStoreError)
  /// The request is carried out, and this is thrown all the same.
  case failAfter(EventStoreError)
  /// The request is carried out and its reply lost, as by a broken connection: what the server recognises is sent again and
  /// answered as a repeat; anything else throws `connectionLost`.
  case loseReply
}

/// What can be asked of a `LogConnection`.
package enum LogRequest: Hashable, Sendable, CaseIterable {
  case append, delete, readAll, readStream, readEvent
  /// The beginning of a feed, of either kind.
  case catchUp
  /// A batch of a feed; any fault ends the feed.
  case nextBatch
}

/// The faults that are still to happen, in the order in which they were planned.
struct LogFaultPlan {
  private struct Entry {
    let fault: LogFault
    let request: LogRequest
    var skipping: Int
    var times: Int
  }

  private var entries: [Entry] = []
  private(set) var hits = 0

  var isPending: Bool { !entries.isEmpty }

  mutating func plan(_ fault: LogFault, on request: LogRequest, skipping: Int, times: Int) {
    guard times > 0 else { return }
    entries.append(Entry(fault: fault, request: request, skipping: skipping, times: times))
  }

  /// A request is made; what goes wrong with it. Only the first entry for a kind of request counts it.
  mutating func requested(_ request: LogRequest) -> LogFault? {
    guard let index = entries.firstIndex(where: { $0.request == request }) else { return nil }
    guard entries[index].skipping == 0 else {
      entries[index].skipping -= 1
      return nil
    }
    let fault = entries[index].fault
    hits += 1
    entries[index].times -= 1
    if entries[index].times == 0 { entries.remove(at: index) }
    return fault
  }
}
