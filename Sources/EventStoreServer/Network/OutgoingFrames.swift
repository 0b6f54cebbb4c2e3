import EventStoreWire
import NIOCore

/// The bytes of frames that are not written yet, so that many small ones leave in one go.
struct OutgoingFrames {
  /// So much is written at once; a page is more, and is written alone.
  private static let batchBytes = 64 * 1024

  private let encoder = FrameEncoder(maximumFrameBytes: Int(UInt32.max))
  private var bytes = ByteBuffer()

  /// Whether there is enough for one write.
  var isFull: Bool { bytes.readableBytes >= Self.batchBytes }

  /// Adds a frame.
  /// - Throws: `WireError` when it is larger than a frame can be.
  mutating func append(_ frame: Frame) throws {
    try encoder.encode(data: frame, out: &bytes)
  }

  /// Takes out what there is; nil when there is nothing.
  mutating func take() -> ByteBuffer? {
    guard bytes.readableBytes > 0 else { return nil }
    defer { bytes = ByteBuffer() }
    return bytes
  }

  mutating func removeAll() {
    bytes = ByteBuffer()
  }
}
