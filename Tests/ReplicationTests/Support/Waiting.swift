import Testing

/// A condition that did not become true in time.
struct NotInTime: Error, CustomStringConvertible {
  let description: String
}

/// Waits until something that another task does is done, 30 seconds at the most.
func until(_ what: String, _ isTrue: @Sendable () async throws -> Bool) async throws {
  let start = ContinuousClock.now
  while try await !isTrue() {
    guard ContinuousClock.now - start < .seconds(30) else { throw NotInTime(description: "not in time: \(what)") }
    try await Task.sleep(for: .milliseconds(1))
  }
}
