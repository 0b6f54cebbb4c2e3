internal import EventStoreCore
internal import Zstd

/// Makes frames of events on several cores, and gives them back in the order in which the events came.
///
/// For one caller at a time. Memory is bounded: `push` waits for the oldest draft when `maximumInFlight` are on their way.
final class FrameWorkers: Sendable {
  private typealias Outcome = Result<[FrameEncoder.Output], ZstdError>

  private let level: Int
  private let maximumBytes: Int
  private let emptyTail: EventTail
  private let maximumInFlight: Int
  private let idle = Locked<[FrameEncoder]>([])
  private let inFlight = Locked<[Task<Outcome, Never>]>([])

  /// - Parameters:
  ///   - maximumBytes: As of `FrameEncoder`.
  ///   - tail: An empty one, of the archive's scope.
  /// - Throws: `invalidParameter` when there is no such level.
  init(
    level: Int = 3, maximumBytes: Int = 1 << 20, maximumInFlight: Int = 4, tail: EventTail
  ) throws(ZstdError) {
    self.level = level
    self.maximumBytes = maximumBytes
    self.maximumInFlight = max(maximumInFlight, 1)
    emptyTail = tail
    give(back: try encoder())
  }

  /// Begins with `draft`, and returns the frames that became ready before it, oldest first; often none.
  ///
  /// - Throws: what the encoder throws for any frame; the frames after that one are lost.
  func push(_ draft: FrameDraft) async throws(ZstdError) -> [FrameEncoder.Output] {
    var ready: [FrameEncoder.Output] = []
    while let task = inFlight.withLock({ $0.count >= maximumInFlight ? $0.removeFirst() : nil }) {
      ready += try await task.value.get()
    }
    let task = Task.detached { self.encode(draft) }
    inFlight.withLock { $0.append(task) }
    return ready
  }

  /// Waits for all that is on its way, and returns its frames, oldest first.
  ///
  /// - Throws: as `push(_:)`.
  func drain() async throws(ZstdError) -> [FrameEncoder.Output] {
    var ready: [FrameEncoder.Output] = []
    while let task = inFlight.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      ready += try await task.value.get()
    }
    return ready
  }

  private func encode(_ draft: FrameDraft) -> Outcome {
    do throws(ZstdError) {
      let encoder: FrameEncoder
      if let free = idle.withLock({ $0.popLast() }) { encoder = free } else { encoder = try self.encoder() }
      defer { give(back: encoder) }
      return .success(try encoder.encode(draft))
    } catch {
      return .failure(error)
    }
  }

  private func encoder() throws(ZstdError) -> FrameEncoder {
    try FrameEncoder(level: level, maximumBytes: maximumBytes, tail: emptyTail)
  }

  private func give(back encoder: FrameEncoder) {
    idle.withLock { $0.append(encoder) }
  }
}
