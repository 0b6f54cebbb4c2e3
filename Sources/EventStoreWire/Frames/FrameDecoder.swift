import EventStoreCore
package import NIOCore

/// Cuts a stream of bytes into frames.
///
/// The first error ends the stream: what follows a bad length cannot be understood.
package struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
  package typealias InboundOut = Frame

  /// The largest frame that is taken, length excluded.
  package let maximumFrameBytes: Int
  /// Whether a frame that is too large is refused only when its correlation id is there, for the error to name it.
  package let namesRefusedFrames: Bool

  package init(maximumFrameBytes: Int = Frame.defaultMaximumInboundBytes, namesRefusedFrames: Bool = false) {
    self.maximumFrameBytes = maximumFrameBytes
    self.namesRefusedFrames = namesRefusedFrames
  }

  /// The next frame; nil when its bytes are not all there yet.
  /// - Throws: `WireError` with `badFrameLength`, `frameTooLarge`, `frameTooShort` or `badAuthenticationBlock`.
  package mutating func decode(buffer: inout ByteBuffer) throws -> Frame? {
    guard let word = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: Int32.self) else { return nil }
    let length = Int(word)
    if namesRefusedFrames, length > maximumFrameBytes, buffer.readableBytes < 4 + Frame.minimumBytes { return nil }
    try checkLength(length, buffer)
    guard buffer.readableBytes >= 4 + length else { return nil }
    buffer.moveReaderIndex(forwardBy: 4)
    guard let body = buffer.readSlice(length: length) else { return nil }
    return try Frame(body: body)
  }

  package mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
    try decode(buffer: &buffer)
  }

  /// A length is refused before its bytes arrive; too short ones are, as servers do it, only then.
  private func checkLength(_ length: Int, _ buffer: ByteBuffer) throws(WireError) {
    guard length > 0 else { throw WireError(.badFrameLength, "a frame cannot have length \(length)", length: length) }
    guard length <= maximumFrameBytes else {
      throw WireError(
        .frameTooLarge, "a frame of \(length) bytes is larger than the limit of \(maximumFrameBytes)", length: length,
        correlationID: namesRefusedFrames ? Self.correlationID(buffer) : nil)
    }
  }

  /// The correlation id behind length, command and flags.
  private static func correlationID(_ buffer: ByteBuffer) -> EventID? {
    var rest = buffer
    rest.moveReaderIndex(forwardBy: 6)
    return rest.readDotNetGUID()
  }
}
