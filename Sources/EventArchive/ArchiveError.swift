public import EventStoreCore

/// Why an archive could not be read or written.
public struct ArchiveError: Error, Hashable, Sendable {
  /// The kinds of failure.
  public enum Code: String, Sendable, CaseIterable {
    /// There is no archive in this directory, or no directory.
    case notAnArchive
    /// Another process writes to the archive.
    case locked
    /// Bytes of the archive are not what was written; nothing was changed.
    case damaged
    /// The archive was written by a newer version of the format.
    case newerFormat
    /// The archive holds something else than what this run would add to it.
    case scopeMismatch
    /// The source shows other events than those archived.
    case sourceDiverged
    /// Events came in an order that an archive cannot have; none of that batch is trusted.
    case outOfOrder
    /// The disk, or the user's share of it, is full.
    case diskFull
    /// The user may not read or write there.
    case accessDenied
    /// The system could not read or write; its words are the cause.
    case ioFailed
    /// The writer has failed before, or has finished, and takes nothing more.
    case closed
    /// A value makes no sense; nothing was done.
    case invalidArgument
  }

  /// The kind of failure.
  public var code: Code
  /// What happened: one sentence, lower case, without a full stop.
  public var message: String
  /// The file it is about, as it can be opened.
  public var path: String?
  /// The sequence of the segment it is about.
  public var segment: Int?
  /// The line of the file, from 1.
  public var line: Int?
  /// The byte of the file, from 0.
  public var offset: Int?
  /// The stream it is about.
  public var stream: StreamName?
  /// The position it is about.
  public var position: Position?
  /// What can be done about it, where we know.
  public var hint: String?
  /// The system's own words.
  public var cause: String?

  public init(
    _ code: Code, _ message: String, path: String? = nil, segment: Int? = nil, line: Int? = nil, offset: Int? = nil,
    stream: StreamName? = nil, position: Position? = nil, hint: String? = nil, cause: String? = nil
  ) {
    self.code = code
    self.message = message
    self.path = path
    self.segment = segment
    self.line = line
    self.offset = offset
    self.stream = stream
    self.position = position
    self.hint = hint
    self.cause = cause
  }
}

extension ArchiveError: CustomStringConvertible {
  /// The message, the place and the cause, then the hint.
  public var description: String {
    var text = message
    var place: [String] = []
    if let path { place.append(path) }
    if let line { place.append("line \(line)") }
    if let offset { place.append("byte \(offset)") }
    if let stream { place.append("stream \(stream)") }
    if let position { place.append("position \(position)") }
    if !place.isEmpty { text += ": " + place.joined(separator: ", ") }
    if let cause, !cause.isEmpty { text += " (\(cause))" }
    if let hint { text += "; hint: \(hint)" }
    return text
  }
}
