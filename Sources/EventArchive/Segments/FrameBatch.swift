internal import Dispatch
package import EventStoreCore
internal import Zstd

/// A frame while it is looked at.
package struct FrameView {
  /// Where in the file the frame begins.
  package var offset: Int
  /// The zstd frame.
  package var bytes: Bytes
  /// The NDJSON that it holds; only valid while it is looked at, because the memory is used again for another frame.
  package var content: UnsafeRawBufferPointer
}

/// A frame that was looked at, without its content.
package struct ExaminedFrame<Outcome: Sendable>: Sendable {
  /// Where in the file the frame begins.
  package var offset: Int
  /// The zstd frame.
  package var bytes: Bytes
  /// How many bytes of NDJSON it holds.
  package var contentBytes: Int
  /// What was made of it.
  package var outcome: Outcome
}

/// Neighbouring frames that are decompressed and looked at on all cores.
final class FrameBatch<Outcome: Sendable>: Sendable {
  typealias Candidate = (offset: Int, bytes: Bytes)

  private struct State {
    /// The first frame that nobody has begun with.
    var next = 0
    /// How many frames are not done.
    var left: Int
    var outcomes: [ExaminedFrame<Outcome>?]
  }

  private let candidates: [Candidate]
  private let decoders: FrameDecoderPool
  private let work: @Sendable (FrameView) -> Outcome
  private let state: Locked<State>
  private let isDone = DispatchSemaphore(value: 0)

  /// Begins with the work.
  init(_ candidates: [Candidate], decoders: FrameDecoderPool, work: @escaping @Sendable (FrameView) -> Outcome) {
    self.candidates = candidates
    self.decoders = decoders
    self.work = work
    state = Locked(State(left: candidates.count, outcomes: Array(repeating: nil, count: candidates.count)))
    for _ in 0..<min(FrameDecoderPool.threads, candidates.count) {
      DispatchQueue.global().async { self.takePart() }
    }
  }

  /// Helps with the work until all is done, and gives the frames that are whole, up to the first that is not.
  func finish() -> [ExaminedFrame<Outcome>] {
    takePart()
    // Others may be busy with the last ones; whoever has not begun yet is not waited for.
    if !candidates.isEmpty { isDone.wait() }
    return state.withLock { $0.outcomes.prefix { $0 != nil }.compactMap(\.self) }
  }

  /// Lets no more frames be begun; for a batch whose outcome nobody wants.
  func abandon() {
    state.withLock { $0.next = candidates.count }
  }

  private func takePart() {
    decoders.withDecoder { decoder, buffer in
      while let index = begin() {
        let (offset, bytes) = candidates[index]
        var outcome: ExaminedFrame<Outcome>?
        if let decoder, (try? decoder.decode(bytes, at: offset, into: buffer)) != nil {
          outcome = buffer.withUnsafeBytes { content in
            ExaminedFrame(
              offset: offset, bytes: bytes, contentBytes: content.count,
              outcome: work(FrameView(offset: offset, bytes: bytes, content: content)))
          }
        }
        end(index, outcome)
      }
    }
  }

  private func begin() -> Int? {
    state.withLock { state in
      guard state.next < candidates.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private func end(_ index: Int, _ outcome: ExaminedFrame<Outcome>?) {
    let isLast = state.withLock { state in
      state.outcomes[index] = outcome
      state.left -= 1
      return state.left == 0
    }
    if isLast { isDone.signal() }
  }
}
