import Testing

/// Yields until something is true, for at most a minute of real time.
func eventually(_ isTrue: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now.advanced(by: .seconds(60))
  while try await !isTrue() {
    try #require(ContinuousClock.now < deadline, "it did not become true within a minute")
    await Task.yield()
  }
}
