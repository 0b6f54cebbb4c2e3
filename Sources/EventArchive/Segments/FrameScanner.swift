package import EventStoreCore
package import Zstd

/// Walks through a segment frame by frame, without its footer: an open one, or one whose footer is damaged.
package struct FrameScanner {
  /// A whole frame.
  package struct Frame: Sendable {
    /// Where in the file the frame begins.
    package var offset: Int
    /// The zstd frame.
    package var bytes: Bytes
    /// The NDJSON that it holds.
    package var content: Bytes
  }

  /// How the frames of a segment end.
  package enum End: Hashable, Sendable {
    /// With the last whole frame, which is the end of the file.
    case whole
    /// With a footer, whole or not, that begins here.
    case footer(offset: Int)
    /// With bytes that are not a whole frame; none follows. The file may be cut here.
    case torn(offset: Int)
    /// With a bad frame that good ones follow: not a torn tail.
    case damaged(SegmentDamage)
  }

  /// How the frames end; nil until `next(read:)` has returned nil.
  package private(set) var end: End?
  /// Where the last whole frame ends.
  package internal(set) var offset = 0

  let fileBytes: Int
  private let decoder: FrameDecoder

  /// A walk over a file of this size; what is added to it meanwhile is not looked at.
  ///
  /// - Throws: `outOfMemory`.
  package init(fileBytes: Int) throws(ZstdError) {
    self.fileBytes = fileBytes
    decoder = try FrameDecoder()
  }

  /// The next whole frame; nil at the end, which `end` then describes.
  ///
  /// A frame is whole when it decompresses, its checksum is right, and its content ends with an LF. Its lines are not looked at.
  ///
  /// - Throws: what `read` throws.
  package mutating func next(read: ReadBytes) throws -> Frame? {
    guard end == nil else { return nil }
    guard offset < fileBytes else {
      end = .whole
      return nil
    }
    let found = try self.frame(at: offset, read)
    if case .frame(let frame) = found {
      offset += frame.bytes.count
      return frame
    }
    end = try end(after: found, read)
    return nil
  }

  /// Goes on behind a bad frame, with the next good one; false when there is none. Only after `damaged`.
  package mutating func resynchronize(read: ReadBytes) throws -> Bool {
    guard case .damaged = end, let next = try goodFrame(after: offset, read) else { return false }
    offset = next
    end = nil
    return true
  }

  private enum Found {
    case frame(Frame)
    case skippable
    case bad(SegmentDamage)
  }

  private func end(after found: Found, _ read: ReadBytes) throws -> End {
    let isFollowed = try goodFrame(after: offset, read) != nil
    switch found {
    case .frame, .skippable:
      guard isFollowed else { return .footer(offset: offset) }
      return .damaged(SegmentDamage(.frame, "frames follow what should be the footer", offset: offset))
    case .bad(let damage):
      return isFollowed ? .damaged(damage) : .torn(offset: offset)
    }
  }

  private static let firstWindow = 256 << 10
  /// More than a frame of the greatest content needs, however badly it compresses.
  private static let maximumWindow = FrameDecoder.maximumContentBytes + FrameDecoder.maximumContentBytes / 64

  /// What begins at `offset`: looks at more and more of the file until the frame is whole.
  private func frame(at offset: Int, _ read: ReadBytes) throws -> Found {
    let remaining = fileBytes - offset
    var window = min(remaining, Self.firstWindow)
    while true {
      let bytes = try read(offset, window)
      if bytes.starts(with: [0x2A, 0x4D, 0x18], at: 1), bytes[0] & 0xF0 == 0x50 { return .skippable }
      do throws(ZstdError) {
        let size = try bytes.withUnsafeBytes { (bytes) throws(ZstdError) in try ZstdFrame.compressedSize(bytes) }
        return decode(bytes.slice(0..<size), at: offset)
      } catch {
        let canGrow = error.code == .truncated && window < remaining && bytes.count == window
        guard canGrow, window < Self.maximumWindow else {
          return .bad(
            SegmentDamage(
              error.code == .truncated ? .truncated : .frame, "a frame is damaged: \(error)", offset: offset))
        }
        window = min(remaining, window * 4)
      }
    }
  }

  private func decode(_ bytes: Bytes, at offset: Int) -> Found {
    do throws(SegmentDamage) {
      return .frame(Frame(offset: offset, bytes: bytes, content: try decoder.content(of: bytes, at: offset)))
    } catch {
      return .bad(error)
    }
  }

  /// Where the next frame of events is that begins after `start`; nil when none does.
  ///
  /// The stream index is a zstd frame too: only one whose lines are events counts.
  private func goodFrame(after start: Int, _ read: ReadBytes) throws -> Int? {
    let magic = ZstdFrame.magic
    var position = start + 1
    while position + magic.count <= fileBytes {
      let bytes = try read(position, min(fileBytes - position, Self.firstWindow))
      guard bytes.count >= magic.count else { return nil }
      for candidate in bytes.places(of: magic) {
        guard case .frame(let frame) = try self.frame(at: position + candidate, read) else { continue }
        var decoder = EventLineDecoder()
        do throws(SegmentDamage) {
          _ = try decoder.decodeFrame(frame.content)
          return frame.offset
        } catch {
          // Not a frame of events: the search goes on.
          continue
        }
      }
      // The last bytes may begin a magic.
      position += bytes.count - (magic.count - 1)
    }
    return nil
  }
}

extension Bytes {
  /// Whether `part` stands at `offset`.
  fileprivate func starts(with part: [UInt8], at offset: Int) -> Bool {
    count >= offset + part.count && slice(offset..<offset + part.count).elementsEqual(part)
  }

  /// Where `part`, not empty, stands, ascending.
  fileprivate func places(of part: [UInt8]) -> [Int] {
    withUnsafeBytes { bytes in
      guard bytes.count >= part.count else { return [] }
      return (0...bytes.count - part.count).filter { offset in
        bytes[offset] == part[0] && bytes[offset..<offset + part.count].elementsEqual(part)
      }
    }
  }
}
