/// Yields until `condition` holds; whether it came to hold before the limit.
package func eventually(
  within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else { return false }
    await Task.yield()
  }
  return true
}
