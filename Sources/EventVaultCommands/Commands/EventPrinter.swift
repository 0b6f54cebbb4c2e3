import EventArchive
import EventStoreCore

/// Prints events as the lines of an archive.
struct EventPrinter {
  private let console: Console
  private let filter: PrintFilter

  init(console: Console, filter: PrintFilter) {
    self.console = console
    self.filter = filter
  }

  /// Prints those events that the filter accepts.
  func print(_ events: [RecordedEvent]) throws {
    var encoder = EventLineEncoder()
    let lines = LineBuffer()
    for event in events where filter.accepts(event) {
      do {
        try encoder.append(event, to: lines)
      } catch {
        throw CommandFailure(.failed, "event \(event.number) of stream \(event.stream) fits no line: \(error)")
      }
    }
    try lines.withUnsafeBytes { try console.write($0) }
  }

  /// Prints a stream of a server; false when there is no such stream.
  func print(_ stream: StreamName, of reader: any EventReader, from first: EventNumber) async throws -> Bool {
    var next = first
    while true {
      let page = try await reader.readStream(stream, .forward, from: next, maximumCount: 500, resolveLinks: false)
      guard page.status == .found else { return false }
      try print(page.events.compactMap(\.received))
      if page.isEndOfStream { return true }
      guard page.nextEventNumber > next else {
        throw EventStoreError(.protocolViolation, "a page of the stream does not lead forward", stream: stream)
      }
      next = page.nextEventNumber
    }
  }
}
