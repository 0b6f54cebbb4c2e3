package import EventStoreCore
package import NIOCore

/// A request, encoded once, that may be sent more than once under the same correlation id.
package struct Request: Hashable, Sendable {
  /// What a lost connection means for a request that was in flight.
  package enum Resend: Hashable, Sendable {
    /// Asking twice does the same as asking once.
    case always
    /// It may have been carried out, and a second time would show: it fails.
    case never
  }

  /// The correlation id.
  package var id: EventID
  /// The whole frame, its length in front.
  package var bytes: ByteBuffer
  /// Whether it may be sent again.
  package var resend: Resend

  package init(id: EventID, bytes: ByteBuffer, resend: Resend) {
    self.id = id
    self.bytes = bytes
    self.resend = resend
  }
}
