/// A place in `$all`: the commit and the prepare position of a log record.
///
/// Positions order by commit, then by prepare: the events of one explicit transaction share the commit position.
public struct Position: Hashable, Sendable {
  /// Where the log record was committed.
  public let commit: Int64
  /// Where the log record was prepared.
  public let prepare: Int64

  public init(commit: Int64, prepare: Int64) {
    self.commit = commit
    self.prepare = prepare
  }

  /// Before the first event.
  public static let start = Position(commit: 0, prepare: 0)
  /// After the last event; only as a question, never as an answer.
  public static let end = Position(commit: -1, prepare: -1)
}

extension Position: Comparable {
  public static func < (left: Position, right: Position) -> Bool {
    (left.commit, left.prepare) < (right.commit, right.prepare)
  }
}

extension Position: CustomStringConvertible {
  /// `commit/prepare`, as the command line takes it.
  public var description: String { "\(commit)/\(prepare)" }
}
