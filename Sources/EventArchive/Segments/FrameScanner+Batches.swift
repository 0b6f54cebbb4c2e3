internal import Dispatch
package import EventStoreCore
internal import Zstd

extension FrameScanner {
  /// How much of the file is looked at in one go.
  private static let windowBytes = 4 << 20
  /// How much content the frames of one batch have together, unless it is a single larger frame.
  private static let maximumContentBytes = 16 << 20

  /// The next whole frames, and what `work` makes of each; none at the end, which `end` then describes.
  ///
  /// As `next(read:)`, but frames are decompressed, and `work` is done, on all cores at once. What is in memory is bounded.
  ///
  /// - Throws: what `read` throws.
  package mutating func nextBatch<Outcome: Sendable>(
    read: (_ offset: Int, _ count: Int) throws -> Bytes, work: @Sendable (Frame) -> Outcome
  ) throws -> [(frame: Frame, outcome: Outcome)] {
    guard end == nil, offset < fileBytes else { return try nextAlone(read, work) }
    let candidates = try self.candidates(read)
    let outcomes = Locked([(frame: Frame, outcome: Outcome)?](repeating: nil, count: candidates.count))
    DispatchQueue.concurrentPerform(iterations: candidates.count) { index in
      let (offset, bytes) = candidates[index]
      guard let content = try? FrameDecoder().content(of: bytes, at: offset) else { return }
      let frame = Frame(offset: offset, bytes: bytes, content: content)
      let outcome = work(frame)
      outcomes.withLock { $0[index] = (frame, outcome) }
    }
    let batch = outcomes.withLock { Array($0.prefix { $0 != nil }.compactMap(\.self)) }
    offset += batch.reduce(0) { $0 + $1.frame.bytes.count }
    // What is wrong with a frame, or that none follows, is found out one by one.
    return batch.isEmpty ? try nextAlone(read, work) : batch
  }

  private mutating func nextAlone<Outcome>(
    _ read: ReadBytes, _ work: (Frame) -> Outcome
  ) throws -> [(frame: Frame, outcome: Outcome)] {
    try next(read: read).map { [($0, work($0))] } ?? []
  }

  /// What looks like whole frames from here on, within the bounds of a batch.
  private func candidates(_ read: ReadBytes) throws -> [(offset: Int, bytes: Bytes)] {
    let window = try read(offset, min(fileBytes - offset, Self.windowBytes))
    var found: [(offset: Int, bytes: Bytes)] = []
    var start = 0
    var contentBytes = 0
    while start < window.count, let frame = Self.candidate(window.slice(start..<window.count)) {
      contentBytes += frame.contentBytes
      guard contentBytes <= Self.maximumContentBytes else { break }
      found.append((offset + start, window.slice(start..<start + frame.bytes)))
      start += frame.bytes
    }
    return found
  }

  /// The size of the frame that `bytes` begin, and of what it says that it holds; nil when it is not whole or does not say.
  private static func candidate(_ bytes: Bytes) -> (bytes: Int, contentBytes: Int)? {
    bytes.withUnsafeBytes { bytes in
      guard case .known(let content)? = try? ZstdFrame.contentSize(bytes), content <= UInt64(maximumContentBytes),
        let size = try? ZstdFrame.compressedSize(bytes)
      else { return nil }
      return (size, Int(content))
    }
  }
}
