import EventStoreCore

extension EventLog {
  /// Lets the demo happen in this log, and says how many events there are more now.
  ///
  /// In an empty log that is exactly the demo's count. Where a stream is not what the demo left it as, as when the same demo
  /// happens a second time, single operations are refused and left out.
  @discardableResult
  package func fill(with demo: DemoEvents) -> Int {
    let before = eventCount
    for operation in demo {
      switch operation {
      case .append(let stream, let events, let moment):
        _ = append(events, to: stream, expected: .any, by: .system, at: moment)
      case .softDelete(let stream, let moment):
        _ = delete(stream, expected: .any, hard: false, by: .system, at: moment)
      case .hardDelete(let stream, let moment):
        _ = delete(stream, expected: .any, hard: true, by: .system, at: moment)
      }
    }
    return eventCount - before
  }
}
