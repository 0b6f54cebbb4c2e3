/// Decides for an `EventFilter` which events are taken; can be asked from any thread.
package struct EventSelector: Sendable {
  private let streams: NameSelection<StreamName>
  private let types: NameSelection<EventType>

  /// - Throws: `invalidArgument` for a filter with problems.
  package init(_ filter: EventFilter) throws(EventStoreError) {
    if let problem = filter.problems.first { throw EventStoreError(.invalidArgument, problem) }
    streams = NameSelection(include: filter.includeStreams, exclude: filter.excludeStreams)
    types = NameSelection(include: filter.includeTypes, exclude: filter.excludeTypes)
  }

  /// Whether the event is taken.
  package func takes(_ event: RecordedEvent) -> Bool {
    takes(typeOf: event) && takes(event.stream)
  }

  /// Whether events of this stream can be taken: its name says so, or that of the stream whose metadata it holds.
  package func takes(_ stream: StreamName) -> Bool {
    guard !streams.takesEverything else { return true }
    var judged = stream
    while let described = judged.describedStream { judged = described }
    return streams.takes(judged)
  }

  /// Whether the event's type lets it through; stream metadata and tombstones always pass.
  package func takes(typeOf event: RecordedEvent) -> Bool {
    guard !types.takesEverything else { return true }
    if event.stream.isMetadataStream || event.type == .streamMetadata || event.type == .tombstone { return true }
    return types.takes(event.type)
  }
}
