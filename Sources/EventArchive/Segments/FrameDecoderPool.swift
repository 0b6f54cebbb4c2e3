internal import EventStoreCore
internal import Foundation
internal import Zstd

/// Decoders, each with memory of its own, that are used again and again by as many threads as there are.
final class FrameDecoderPool: Sendable {
  /// How many threads are worth to have.
  static let threads = ProcessInfo.processInfo.activeProcessorCount

  private let idle = Locked<[(decoder: FrameDecoder, buffer: ZstdBuffer)]>([])

  /// Gives `body` a decoder and memory that nobody else has; no decoder when there is no memory for one.
  func withDecoder(_ body: (FrameDecoder?, ZstdBuffer) -> Void) {
    guard let own = idle.withLock({ $0.popLast() }) ?? (try? FrameDecoder()).map({ ($0, ZstdBuffer(capacity: 1)) })
    else { return body(nil, ZstdBuffer(capacity: 1)) }
    body(own.decoder, own.buffer)
    idle.withLock { $0.append(own) }
  }
}
