/// What is wrong with the bytes of a segment.
package struct SegmentDamage: Error, Hashable, Sendable {
  /// The kinds of damage.
  package enum Code: String, Sendable, CaseIterable {
    /// A frame does not decompress, or not to what it claims.
    case frame
    /// A line within a frame is not an event, or the frame does not end at the end of a line.
    case line
    /// The stream index is not well formed, or does not describe this file.
    case index
    /// The seek table is not well formed, or does not describe this file.
    case seekTable
    /// The file is shorter than it must be.
    case truncated
  }

  /// The kind of damage.
  package var code: Code
  /// What was found: lower case, without a full stop.
  package var message: String
  /// Where in the file the damaged part begins.
  package var offset: Int

  package init(_ code: Code, _ message: String, offset: Int) {
    self.code = code
    self.message = message
    self.offset = offset
  }
}

extension SegmentDamage: CustomStringConvertible {
  package var description: String { "\(message) (at byte \(offset))" }
}
