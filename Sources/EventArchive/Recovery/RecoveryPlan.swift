internal import EventStoreCore

/// What must be done to an archive before it is written to, found by reading alone.
/// (ARCHIVE-FORMAT, Opening for writing after any crash.)
struct RecoveryPlan {
  /// The open segment's whole frames, which the run continues.
  struct Continuation {
    var tally: SegmentTally
    /// Whether something follows them in the file.
    var mustCut: Bool
  }

  /// Whether the manifest ends with a torn line.
  var cutsManifest = false
  /// A finished segment that a crash kept from being named in the manifest.
  var adopted: SegmentRecord?
  /// The open segment that is continued.
  var continued: Continuation?
  /// Files to remove: replaced ones, and an open segment without a whole frame.
  var removed: [String] = []
  /// Names in `segments` that do not belong to the archive and are kept under another name.
  var setAside: [String] = []
  /// What is going to be done, in sentences for people.
  var notes: [String] = []
}
