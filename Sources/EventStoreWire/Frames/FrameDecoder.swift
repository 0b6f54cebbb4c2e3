package import NIOCore

/// Cuts a stream of bytes into frames.
///
/// The first error ends the stream: what follows a bad length cannot be understood.
package struct FrameDecoder: NIOSingleStepByteToMessageDecoder {
  package typealias InboundOut = Frame

  /// The largest frame that is taken, length excluded.
  package let maximumFrameBytes: Int

  package init(maximumFrameBytes: Int = Frame.defaultMaximumInboundBytes) {
    self.maximumFrameBytes = maximumFrameBytes
  }

  /// The next frame; nil when its bytes are not all there yet.
  /// - Throws: `WireError` with `badFrameLength`, `frameTooLarge`, `frameTooShort` or `badAuthenticationBlock`.
  package mutating func decode(buffer: inout ByteBuffer) throws -> Frame? {
    guard let word = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: Int32.self) else { return nil }
    let length = try checkedLength(word)
    guard buffer.readableBytes >= 4 + length else { return nil }
    buffer.moveReaderIndex(forwardBy: 4)
    guard let body = buffer.readSlice(length: length) else { return nil }
    return try Frame(body: body)
  }

  package mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
    try decode(buffer: &buffer)
  }

  /// A length is refused before its bytes arrive; too short ones are, as servers do it, only then.
  private func checkedLength(_ word: Int32) throws(WireError) -> Int {
    let length = Int(word)
    guard length > 0 else { throw WireError(.badFrameLength, "a frame cannot have length \(length)", length: length) }
    guard length <= maximumFrameBytes else {
      throw WireError(
        .frameTooLarge, "a frame of \(length) bytes is larger than the limit of \(maximumFrameBytes)", length: length)
    }
    return length
  }
}
