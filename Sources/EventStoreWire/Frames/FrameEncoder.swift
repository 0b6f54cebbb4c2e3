package import EventStoreCore
package import NIOCore

/// Writes frames with their length in front.
package struct FrameEncoder: MessageToByteEncoder, Sendable {
  package typealias OutboundIn = Frame

  /// The largest frame that is sent, length excluded.
  package let maximumFrameBytes: Int

  package init(maximumFrameBytes: Int = Frame.maximumOutboundBytes) {
    self.maximumFrameBytes = maximumFrameBytes
  }

  /// Appends the frame to `out`, which is unchanged after an error.
  /// - Throws: `WireError` with `frameTooLarge` or `badCredentials`.
  package func encode(data: Frame, out: inout ByteBuffer) throws {
    try encode(
      data.command, data.flags, data.correlationID, data.credentials, into: &out
    ) { $0.writeImmutableBuffer(data.payload) }
  }

  /// Appends a message as a frame to `out`, without a payload of its own in between; `out` is unchanged after an error.
  /// - Throws: `frameTooLarge`, `badCredentials`.
  package func encode(
    _ message: some WireMessage, correlationID: EventID, credentials: Credentials? = nil, into out: inout ByteBuffer
  ) throws(WireError) {
    try encode(message.command, [], correlationID, credentials, into: &out) { message.encode(into: &$0) }
  }

  private func encode(
    _ command: Command, _ flags: FrameFlags, _ correlationID: EventID, _ credentials: Credentials?,
    into out: inout ByteBuffer, writePayload: (inout ByteBuffer) -> Void
  ) throws(WireError) {
    let start = out.writerIndex
    do throws(WireError) {
      out.writeInteger(UInt32(0))
      try Frame.writeHeader(command, flags, correlationID, credentials, into: &out)
      writePayload(&out)
      let length = out.writerIndex - start - 4
      guard length <= maximumFrameBytes, let word = UInt32(exactly: length) else {
        throw WireError(
          .frameTooLarge, "a frame of \(length) bytes is larger than the limit of \(maximumFrameBytes)", length: length)
      }
      out.setInteger(word, at: start, endianness: .little)
    } catch {
      out.moveWriterIndex(to: start)
      throw error
    }
  }
}
