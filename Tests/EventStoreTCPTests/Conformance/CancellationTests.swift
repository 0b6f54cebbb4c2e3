import EventStoreCore
import EventStoreServer
import Testing

@Suite("Ports: cancellation", .timeLimit(.minutes(5)))
struct CancellationTests {
  /// Expects that `body` does nothing in a task that was cancelled before.
  private func expectCancelled(
    _ name: String, _ body: @escaping @Sendable () async throws -> Void
  ) async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await body()
    }
    await #expect(throws: CancellationError.self, "\(name)") { try await task.value }
  }

  @Test("A cancelled task gets no answer, and writes nothing", arguments: Implementation.allCases)
  func cancelled(_ implementation: Implementation) async throws {
    try await implementation.run { place in
      let store = place.store
      _ = try await store.append(events(1), to: "s", expected: .noStream)
      let count = place.log.eventCount
      await expectCancelled("append") { _ = try await store.append(events(1), to: "s", expected: .any) }
      await expectCancelled("delete") { try await store.delete("s", expected: .any, hard: true) }
      await expectCancelled("readAll") {
        _ = try await store.readAll(.forward, from: .start, maximumCount: 1, resolveLinks: false)
      }
      await expectCancelled("readStream") {
        _ = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      }
      await expectCancelled("readEvent") { _ = try await store.readEvent("s", number: 0, resolveLinks: false) }
      #expect(place.log.eventCount == count)
      // What others ask goes on.
      let page = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      #expect(page.numbers == [0])
    }
  }
}
