/// Runs `body` and then `cleanUp`, also when `body` throws.
package func doing<Result>(
  _ body: () async throws -> Result, finally cleanUp: () async throws -> Void
) async throws -> Result {
  let result: Result
  do {
    result = try await body()
  } catch {
    try await cleanUp()
    throw error
  }
  try await cleanUp()
  return result
}
