import EventStoreCore

/// What stream metadata say, whoever wrote them: members in any order and spacing, and the effective `$tb`.
struct ComparedMetadata: Hashable, Sendable {
  /// What they tell the server about reading.
  let retention: StreamMetadata
  /// Everything but `$tb`: the members sorted by name; or the bytes themselves when they are no object.
  private let remainder: [UInt8]

  /// What no metadata say, and `{}` too.
  static let none = ComparedMetadata("{}")

  /// - Parameter data: The data of the newest event of the metadata stream.
  init(_ data: Bytes) {
    let known = StreamMetadata(json: data)
    retention = known ?? StreamMetadata()
    guard case .object(let members)? = RawJSON(parsing: data) else {
      remainder = Array(data)
      return
    }
    // A server ignores metadata with a value that it refuses; then `$tb` is a member like others.
    let others = members.filter { known == nil || $0.name != Array("$tb".utf8) }
    remainder = RawJSON.object(others.sorted { $0.name.lexicographicallyPrecedes($1.name) }).compactText
  }

  /// Whether the stream is soft-deleted.
  var isSoftDeleted: Bool { retention.isSoftDeleted }

  /// Whether both say the same.
  ///
  /// - Parameters:
  ///   - numbering: With other numbers on the target `$tb` is another one there, so only a soft delete counts.
  ///   - first: The first number of the stream. A `$tb` on the target that is raised to it hides what fills the numbers before.
  func isSame(as target: ComparedMetadata, _ numbering: Numbering, first: EventNumber = 0) -> Bool {
    guard remainder == target.remainder, isSoftDeleted == target.isSoftDeleted else { return false }
    switch numbering {
    case .same:
      let (truncateBefore, onTarget) = (retention.truncateBefore ?? 0, target.retention.truncateBefore ?? 0)
      return onTarget == truncateBefore || (onTarget == first && truncateBefore < first)
    case .contiguous: return true
    }
  }
}
