internal import EventStoreCore
package import Zstd

/// Compresses frames on several cores, and gives them back in the order in which they came.
///
/// For one caller at a time. Memory is bounded: `push` waits for the oldest frame when `maximumInFlight` are on their way.
package final class CompressionWorkers: Sendable {
  private let level: Int
  private let maximumInFlight: Int
  private let idle = Locked<[ZstdCompressor]>([])
  private let inFlight = Locked<[Task<Result<CompressedFrame, ZstdError>, Never>]>([])

  /// - Throws: `invalidParameter` when there is no such level.
  package init(level: Int = 3, maximumInFlight: Int = 4) throws(ZstdError) {
    self.level = level
    self.maximumInFlight = max(maximumInFlight, 1)
    give(back: try ZstdCompressor(level: level))
  }

  /// Begins to compress `frame`, and returns the frames that became ready before it, oldest first; often none.
  ///
  /// - Throws: what the compressor throws for any frame; the frames after that one are lost.
  package func push(_ frame: RawFrame) async throws(ZstdError) -> [CompressedFrame] {
    var ready: [CompressedFrame] = []
    while let task = inFlight.withLock({ $0.count >= maximumInFlight ? $0.removeFirst() : nil }) {
      ready.append(try await task.value.get())
    }
    let task = Task.detached { self.compress(frame) }
    inFlight.withLock { $0.append(task) }
    return ready
  }

  /// Waits for all frames that are on their way, and returns them, oldest first.
  ///
  /// - Throws: as `push(_:)`.
  package func drain() async throws(ZstdError) -> [CompressedFrame] {
    var ready: [CompressedFrame] = []
    while let task = inFlight.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      ready.append(try await task.value.get())
    }
    return ready
  }

  private func compress(_ frame: RawFrame) -> Result<CompressedFrame, ZstdError> {
    do throws(ZstdError) {
      let compressor: ZstdCompressor
      if let free = idle.withLock({ $0.popLast() }) {
        compressor = free
      } else {
        compressor = try ZstdCompressor(level: level)
      }
      defer { give(back: compressor) }
      return .success(try FrameEncoder.encode(frame, with: compressor))
    } catch {
      return .failure(error)
    }
  }

  private func give(back compressor: ZstdCompressor) {
    idle.withLock { $0.append(compressor) }
  }
}
