import EventArchive
import EventStoreCore
package import Replication

/// The file of events that a target did not take: one line each, `{"reason":…,"event":…}`, the event as archived.
package actor RejectsFile: RejectedEventSink {
  private let file: NewFile

  package init(_ place: NewFilePlace) {
    file = NewFile(place, name: "rejects file", option: "--rejects")
  }

  /// Where it is; nil while there is nothing in it.
  package var path: String? { get async { await file.path } }

  /// Refuses a named path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    try file.checkIsNew()
  }

  /// Adds an event, durably.
  /// - Throws: `CommandFailure` when it cannot be kept.
  package func reject(_ rejected: RejectedEvent) async throws {
    try await file.append(Self.line(rejected))
  }

  private static func line(_ rejected: RejectedEvent) throws -> [UInt8] {
    var encoder = EventLineEncoder()
    let buffer = LineBuffer()
    try encoder.append(rejected.event, to: buffer)
    let reason = JSONValue.string(Redaction.redacted(rejected.reason)).text
    return Array("{\"reason\":\(reason),\"event\":".utf8) + buffer.copy().dropLast() + Array("}\n".utf8)
  }
}
