import EventStoreCore
import EventStoreServer
import TestSupport

/// An event without what belongs to the server that holds it.
struct HeldEvent: Hashable {
  var number: EventNumber
  var id: EventID
  var type: EventType
  var isJSON: Bool
  var data: Bytes
  var metadata: Bytes
}

extension EventLog {
  /// Everything of users' streams that `$all` shows, in its order.
  func userEvents() async throws -> [RecordedEvent] {
    let reader = LogConnection(self)
    var events: [RecordedEvent] = []
    var position = Position.start
    while true {
      let page = try await reader.readAll(.forward, from: position, maximumCount: 1000, resolveLinks: false)
      if page.events.isEmpty { return events }
      events += page.events.compactMap(\.received).filter { !$0.stream.isSystem }
      position = page.nextPosition
    }
  }

  /// What a restore carries over: the events of users' streams that are not hard-deleted, and of their metadata the last.
  func restorable() async throws -> [StreamName: [HeldEvent]] {
    let events = try await userEvents()
    let deleted = Set(events.filter { $0.type == .tombstone }.map(\.stream))
    var streams: [StreamName: [HeldEvent]] = [:]
    for event in events where !deleted.contains(event.stream.describedStream ?? event.stream) {
      let isMetadata = event.stream.describedStream != nil
      let held = HeldEvent(
        number: isMetadata ? 0 : event.number, id: event.id, type: event.type, isJSON: event.isJSON, data: event.data,
        metadata: event.metadata)
      streams[event.stream] = isMetadata ? [held] : streams[event.stream, default: []] + [held]
    }
    return streams
  }
}

/// Runs `body` with servers in this process, and shuts them down afterwards.
func withServers<Result>(
  _ count: Int, demo: Int = 0, seed: UInt64 = 1, heartbeat: Duration = .seconds(120),
  _ body: ([EmbeddedServer]) async throws -> Result
) async throws -> Result {
  var configuration = ServerConfiguration.freePorts
  // A half-open connection is for the client to notice; the server waits.
  configuration.heartbeatInterval = heartbeat
  configuration.heartbeatTimeOut = min(heartbeat, configuration.heartbeatTimeOut)
  var servers: [EmbeddedServer] = []
  for _ in 0..<count { servers.append(try await EmbeddedServer.start(configuration)) }
  if demo > 0 { servers[0].log.fill(with: DemoEvents(count: demo, seed: seed)) }
  return try await doing {
    try await body(servers)
  } finally: {
    for server in servers { await server.shutdown() }
  }
}
