package import EventStoreCore

/// What became of a read.
package enum ReadOutcome<Page: Hashable & Sendable>: Hashable, Sendable {
  /// The page, or the event.
  case found(Page)
  /// The user may not read it, or not a link's target.
  case accessDenied
  /// The question makes no sense to the server; its words.
  case failed(String)
}

/// An answer to a read, and how far the log had come.
package struct ReadAnswer<Page: Hashable & Sendable>: Hashable, Sendable {
  /// What became of the read.
  package var outcome: ReadOutcome<Page>
  /// Where the newest committed record begins; -1 before there is one.
  package var lastCommitPosition: Int64
}

/// An answer to a read of `$all`.
package struct AllReadAnswer: Hashable, Sendable {
  /// What became of the read.
  package var outcome: ReadOutcome<AllPage>
  /// Where the read began; the end of the log where it was asked for as (-1, -1).
  package var position: Position
}
