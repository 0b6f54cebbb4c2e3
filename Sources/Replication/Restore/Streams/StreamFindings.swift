import EventStoreCore

/// What became of some events of the archive.
struct StreamFindings: Hashable, Sendable {
  /// Events written.
  var appended = 0
  /// Data and metadata of the events written.
  var payloadBytes = 0
  /// Events that the target had, proven to be the same.
  var alreadyThere = 0
  /// Events below the target's last number that are gone there.
  var unproven = 0
  /// Events that the target does not take.
  var rejected = 0
  /// Events not written because something before them in their stream could not be.
  var notWritten = 0
  /// Events of a stream that is hard-deleted on the target, as it should be.
  var deleted = 0
  /// Fillers written.
  var fillers = 0
  /// What did not go as asked.
  var issues: [RestoreReport.Issue] = []
  /// The frames that the events came from, one entry for each event that is dealt with.
  var settledFrames: [Int] = []

  /// Takes in what became of others.
  mutating func add(_ others: StreamFindings) {
    appended += others.appended
    payloadBytes += others.payloadBytes
    alreadyThere += others.alreadyThere
    unproven += others.unproven
    rejected += others.rejected
    notWritten += others.notWritten
    deleted += others.deleted
    fillers += others.fillers
    issues += others.issues
    settledFrames += others.settledFrames
  }
}
