/// The type of an event, as its writer named it.
public struct EventType: ByteName {
  public let utf8: [UInt8]

  public init(utf8: [UInt8]) {
    self.utf8 = utf8
  }

  public static func == (left: EventType, right: EventType) -> Bool {
    left.utf8.isSame(as: right.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
  }

  /// A link event; its data is `number@stream`.
  public static let link: EventType = "$>"
  /// Stream metadata, in the stream `$$name`.
  public static let streamMetadata: EventType = "$metadata"
  /// A tombstone: the last event of a hard-deleted stream.
  public static let tombstone: EventType = "$streamDeleted"
}
