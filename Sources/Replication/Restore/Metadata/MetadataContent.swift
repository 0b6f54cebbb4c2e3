import EventStoreCore

/// What stream metadata say, without what a server adds of its own when a deleted stream is written again.
struct MetadataContent: Hashable, Sendable {
  /// The members but `$tb`, sorted by name; or the bytes themselves when they are no object.
  let remainder: [UInt8]
  /// Whether there is a `$tb`.
  let hasTruncation: Bool
  /// Whether the `$tb` hides events: 0 does not.
  let hidesEvents: Bool
  /// Whether the stream is soft-deleted.
  let isSoftDelete: Bool
  /// Whether there is nothing but `$tb`.
  let isBare: Bool

  init(_ data: Bytes) {
    guard case .object(let members)? = RawJSON(parsing: data) else {
      remainder = Array(data)
      (hasTruncation, hidesEvents, isSoftDelete, isBare) = (false, false, false, false)
      return
    }
    let others = members.filter { $0.name != Array("$tb".utf8) }
    remainder = RawJSON.object(others.sorted { $0.name.lexicographicallyPrecedes($1.name) }).compactText
    hasTruncation = others.count < members.count
    let truncateBefore = StreamMetadata(json: data)?.truncateBefore
    hidesEvents = (truncateBefore ?? 0) > 0
    isSoftDelete = truncateBefore == .deleted
    isBare = others.isEmpty
  }
}
