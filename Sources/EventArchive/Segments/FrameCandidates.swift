internal import EventStoreCore
internal import Zstd

/// What looks like whole frames, as far as can be told without decompressing them.
enum FrameCandidates {
  /// How much of the file is looked at in one go.
  private static let windowBytes = 2 << 20
  /// How much content the frames of one window have together; so that no thread needs more memory than that.
  private static let maximumContentBytes = 16 << 20

  /// The frames from `offset` on, within one window.
  static func found(at offset: Int, fileBytes: Int, _ read: ReadBytes) throws -> [(offset: Int, bytes: Bytes)] {
    guard offset < fileBytes else { return [] }
    let window = try read(offset, min(fileBytes - offset, windowBytes))
    var found: [(offset: Int, bytes: Bytes)] = []
    var start = 0
    var contentBytes = 0
    while start < window.count, let frame = candidate(window.slice(start..<window.count)) {
      contentBytes += frame.contentBytes
      guard contentBytes <= maximumContentBytes else { break }
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
