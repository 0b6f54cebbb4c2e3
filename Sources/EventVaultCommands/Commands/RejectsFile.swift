import EventArchive
package import EventStoreCore
package import Replication

/// The file of events that a target did not take: one line each, `{"reason":…,"event":…}`, the event as archived.
package actor RejectsFile: RejectedEventSink {
  private let file: NewFile
  /// How many events are in it.
  package private(set) var count = 0

  package init(path: String) {
    file = NewFile(path: path, name: "rejects file", option: "--rejects")
  }

  /// Where it is, or will be.
  package nonisolated var path: String { file.path }

  /// A new name beside the archive: `shop.rejects-20261124T201500Z.ndjson`.
  package static func defaultPath(besides archive: String, at moment: Timestamp) -> String {
    NewFile.path(besides: archive, "rejects", at: moment)
  }

  /// Refuses a path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    try file.checkIsNew()
  }

  /// Adds an event, durably.
  /// - Throws: `CommandFailure` when it cannot be kept.
  package func reject(_ rejected: RejectedEvent) async throws {
    try await file.append(Self.line(rejected))
    count += 1
  }

  private static func line(_ rejected: RejectedEvent) throws -> [UInt8] {
    var encoder = EventLineEncoder()
    let buffer = LineBuffer()
    try encoder.append(rejected.event, to: buffer)
    let reason = JSONValue.string(Redaction.redacted(rejected.reason)).text
    return Array("{\"reason\":\(reason),\"event\":".utf8) + buffer.copy().dropLast() + Array("}\n".utf8)
  }
}
