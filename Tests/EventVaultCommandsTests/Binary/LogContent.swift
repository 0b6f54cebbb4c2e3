import EventStoreCore
import EventStoreServer

/// What one stream holds, as far as a restore can and must bring it back.
struct StreamContent: Hashable {
  /// An event without its time and positions, which belong to the server.
  struct Event: Hashable {
    var number: EventNumber
    var id: EventID
    var type: EventType
    var isJSON: Bool
    var data: Bytes
    var metadata: Bytes

    init(_ event: RecordedEvent, number: EventNumber) {
      self.number = number
      (id, type, isJSON) = (event.id, event.type, event.isJSON)
      (data, metadata) = (event.data, event.metadata)
    }
  }

  /// All events that the log holds, hidden ones too.
  var events: [Event] = []
  /// Whether nobody can read it because it is soft-deleted.
  var isSoftDeleted = false
  /// The last event of the stream's metadata stream, whose number may change.
  var metadata: Event?
}

extension EventLog {
  /// Every user's stream that is not hard-deleted, read as the server itself.
  func content() async throws -> [StreamName: StreamContent] {
    let reader = LogConnection(self)
    var streams: [StreamName: StreamContent] = [:]
    var next = Position.start
    while true {
      let page = try await reader.readAll(.forward, from: next, maximumCount: 1000, resolveLinks: false)
      for event in page.events.compactMap(\.received) where !event.stream.isSystem {
        if let described = event.stream.describedStream {
          streams[described, default: StreamContent()].metadata = .init(event, number: 0)
        } else {
          streams[event.stream, default: StreamContent()].events.append(.init(event, number: event.number))
        }
      }
      if page.events.isEmpty { break }
      next = page.nextPosition
    }
    for stream in streams.keys {
      let head = try await reader.readStream(
        stream, .backward, from: .streamEnd, maximumCount: 1, resolveLinks: false)
      if head.status == .deleted { streams[stream] = nil }
      streams[stream]?.isSoftDeleted = head.status == .noStream
    }
    return streams
  }
}
