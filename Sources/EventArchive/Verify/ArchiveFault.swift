/// One thing that is wrong with an archive.
public struct ArchiveFault: Hashable, Sendable {
  /// The kinds of fault.
  public enum Kind: String, Sendable, CaseIterable {
    /// A file that the manifest names is not there.
    case missingFile
    /// A file has another size than the manifest says.
    case wrongSize
    /// A file, index or frame has another SHA-256 than was recorded.
    case wrongDigest
    /// A line of the manifest cannot be understood.
    case badManifestLine
    /// A line of the manifest does not follow from the line before it.
    case brokenChain
    /// The manifest does not hold the line that was its end before.
    case wrongHead
    /// A frame cannot be decompressed.
    case badFrame
    /// A line of a segment is not an event.
    case badLine
    /// Events, or segments, are out of order.
    case wrongOrder
    /// The manifest counts or describes something else than the segment holds.
    case wrongCount
    /// The stream index or the seek table says something else than the segment holds.
    case wrongIndex
    /// A file could not be read.
    case unreadable
  }

  /// The kind of fault.
  public var kind: Kind
  /// The file, relative to the archive.
  public var path: String
  /// The line of the file, from 1.
  public var line: Int?
  /// The byte of the file, from 0.
  public var offset: Int?
  /// What is wrong: one sentence, lower case, without a full stop.
  public var detail: String

  public init(_ kind: Kind, path: String, line: Int? = nil, offset: Int? = nil, detail: String) {
    self.kind = kind
    self.path = path
    self.line = line
    self.offset = offset
    self.detail = detail
  }
}

extension ArchiveFault: CustomStringConvertible {
  /// The place, then what is wrong.
  public var description: String {
    var text = path
    if let line { text += ", line \(line)" }
    if let offset { text += ", byte \(offset)" }
    return text + ": " + detail
  }
}
