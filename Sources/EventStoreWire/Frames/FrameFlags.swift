/// The second byte of a frame; bits without a meaning are kept and ignored.
package struct FrameFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// A login and a password stand before the payload.
  package static let authenticated = FrameFlags(rawValue: 1)
  /// The sender vouches for the write: only among nodes, refused on the client port.
  package static let trustedWrite = FrameFlags(rawValue: 2)
}
