import EventStoreCore
package import Replication

/// The file that lists events with another number or stream on the target: a line for each run of neighbouring numbers.
///
/// `{"stream":"a","first":5,"last":9,"targetStream":"a","targetFirst":0}`: events 5 to 9 are 0 to 4 there.
package actor MapFile: MovedEventsSink {
  private let file: NewFile

  package init(_ place: NewFilePlace) {
    file = NewFile(place, name: "map file", option: "--map")
  }

  /// Where it is; nil while there is nothing in it.
  package var path: String? { get async { await file.path } }

  /// Refuses a named path at which there is something already, before any work is done.
  /// - Throws: `CommandFailure` `usage`.
  package nonisolated func checkIsNew() throws {
    try file.checkIsNew()
  }

  /// Adds entries, durably.
  /// - Throws: `CommandFailure` when they cannot be kept.
  package func moved(_ entries: [MovedEvents]) async throws {
    try await file.append(entries.flatMap { Array((Self.line($0).text + "\n").utf8) })
  }

  private static func line(_ entry: MovedEvents) -> JSONValue {
    .object([
      JSONValue.field(entry.stream), ("first", .integer(entry.first)), ("last", .integer(entry.last)),
      JSONValue.field(entry.targetStream, as: "targetStream"), ("targetFirst", .integer(entry.targetFirst)),
    ])
  }
}
