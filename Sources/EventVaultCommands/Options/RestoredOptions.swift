import ArgumentParser
import EventStoreCore
import Replication

/// What a restore takes of an archive and changes of it, apart from numbers; a comparison is told the same, to expect the same.
struct RestoredOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Which stream metadata: the last state, all of their history, or none.", valueName: "which"))
  var metadata = RestoreMetadata.final

  @Flag(help: "Restore streams that the archive shows soft-deleted as they were before.")
  var undelete = false

  @Flag(help: "Hard-delete on the target what the archive shows hard-deleted. This can never be undone.")
  var tombstones = false

  @Option(
    help: ArgumentHelp("Stop after the commit at this position of $all.", valueName: "commit/prepare"),
    transform: Self.position)
  var untilPosition: Position?

  @Option(
    help: ArgumentHelp(
      "Stop before the first event created after this moment, such as 2026-11-24T18:30:00Z.", valueName: "time"),
    transform: Self.time)
  var untilTime: Timestamp?

  @Option(
    name: .customLong("rename"),
    help: ArgumentHelp(
      "Streams that begin with a prefix get another, with their metadata and links; can be repeated.",
      valueName: "prefix=newprefix"),
    transform: Self.rename)
  var renames: [StreamRename] = []

  @Flag(help: "Leave out events that are older than the $maxAge of their stream.")
  var dropExpired = false

  @Option(
    help: ArgumentHelp(
      "The moment at which events must not be older, with --drop-expired. (default: the moment restored to)",
      valueName: "time"),
    transform: Self.time)
  var expiredAt: Timestamp?

  @Flag(help: "Say in the metadata of each event when it was created, and its number and position there.")
  var originMetadata = false

  /// What is wrong with the options together.
  var problems: [String] {
    var problems: [String] = []
    if untilPosition != nil, untilTime != nil {
      problems.append("--until-position and --until-time exclude each other")
    }
    if expiredAt != nil, !dropExpired { problems.append("--expired-at needs --drop-expired") }
    if undelete, metadata == .none { problems.append("--undelete needs metadata") }
    return problems
  }

  /// What of it only an archive can tell.
  var needArchive: [String] {
    [
      untilPosition.map { _ in "--until-position" }, untilTime.map { _ in "--until-time" },
      dropExpired ? "--drop-expired" : nil,
    ].compactMap(\.self)
  }

  /// Puts the options into the settings of a restore.
  func apply(to configuration: inout RestoreConfiguration) {
    configuration.metadata = metadata
    configuration.undeletes = undelete
    configuration.tombstones = tombstones
    configuration.until = until
    configuration.renames = renames
    configuration.dropsExpired = dropExpired
    configuration.expiredAt = expiredAt
    configuration.addsOriginMetadata = originMetadata
  }

  /// Puts the options into the settings of a comparison.
  func apply(to configuration: inout CompareConfiguration) {
    configuration.renames = renames
    configuration.form.until = until
    configuration.form.dropsExpired = dropExpired
    configuration.form.expiredAt = expiredAt
    // The last state of a history is the state.
    configuration.form.hasMetadata = metadata != .none
    configuration.form.undeletes = undelete
    configuration.form.tombstones = tombstones
    configuration.form.addsOriginMetadata = originMetadata
  }

  private var until: RestoreUntil? {
    untilPosition.map { .position($0) } ?? untilTime.map { .time($0) }
  }

  private static func position(_ text: String) throws -> Position {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let commit = Int64(parts[0]), let prepare = Int64(parts[1]), commit >= 0, prepare >= 0
    else { throw ValidationError("'\(text)' is no position: it is COMMIT/PREPARE, such as 4096/4096") }
    return Position(commit: commit, prepare: prepare)
  }

  private static func time(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(text) else {
      throw ValidationError("'\(text)' is no moment: it is in UTC, such as 2026-11-24T18:30:00Z")
    }
    return time
  }

  /// Reads `prefix=newprefix`.
  private static func rename(_ text: String) throws -> StreamRename {
    guard let rename = StreamRename(text) else {
      throw ValidationError("'\(text)' is no rename: it is PREFIX=NEWPREFIX, such as order-=eu-order-")
    }
    return rename
  }
}

extension RestoreMetadata: ExpressibleByArgument {}
