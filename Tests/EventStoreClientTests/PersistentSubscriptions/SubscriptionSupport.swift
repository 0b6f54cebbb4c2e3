import EventStoreClient
import EventStoreCore
import EventStoreServer
import TestSupport
import Testing

/// A server that looks after its groups often, and a client of it that is an administrator.
func withSubscriptions(
  _ body: (EventStoreClient, EmbeddedServer) async throws -> Void
) async throws {
  var configuration = ServerConfiguration.freePorts
  configuration.groupInterval = .milliseconds(20)
  configuration.heartbeatTimeOut = .seconds(60)
  configuration.users += [ServerUser(name: "reader", password: "reader-pass")]
  let server = try await EmbeddedServer.start(configuration)
  try await doing {
    try await withEventStoreClient("tcp://admin:changeit@127.0.0.1:\(server.tcpPort)") { try await body($0, server) }
  } finally: {
    await server.shutdown()
  }
}

extension SubscriptionSettings {
  /// From the first event on, with checkpoints as soon as something is acknowledged.
  static var eager: SubscriptionSettings {
    var settings = SubscriptionSettings()
    settings.start = .beginning
    settings.minimumCheckpointCount = 1
    settings.checkpointAfter = .zero
    return settings
  }
}

extension EventStoreClient {
  /// Appends so many events; their data are their numbers.
  func write(_ count: Int, to stream: StreamName) async throws {
    try await publish(
      to: stream, (0..<count).map { ProposedEvent(type: "counted", isJSON: true, data: Bytes("\($0)")) })
  }

  /// The events of a stream of the server's own, once it has so many.
  func events(of stream: StreamName, count: Int, resolveLinks: Bool = false) async throws -> [ResolvedEvent] {
    let end = ContinuousClock.now + .seconds(60)
    while true {
      let events = try? await get(stream, resolveLinks: resolveLinks).events
      if let events, events.count >= count { return events }
      guard ContinuousClock.now < end else {
        Issue.record("\(stream) has \(events?.count ?? 0) events, not \(count)")
        return events ?? []
      }
      await Task.yield()
    }
  }
}

extension ConsumerSubscription {
  /// The next `count` events, each acknowledged if so wished.
  func take(_ count: Int, acknowledging: Bool = true) async throws -> [DeliveredEvent] {
    var delivered: [DeliveredEvent] = []
    var iterator = makeAsyncIterator()
    while delivered.count < count, let event = try await iterator.next() {
      delivered.append(event)
      if acknowledging { try await ack(event) }
    }
    return delivered
  }
}

extension [DeliveredEvent] {
  var numbers: [EventNumber] { compactMap { $0.event.received?.number } }
}

/// The error that `body` throws; an issue when it throws none, or another kind.
func thrown<Success>(
  by body: () async throws -> Success, sourceLocation: SourceLocation = #_sourceLocation
) async -> EventStoreError? {
  do {
    _ = try await body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as EventStoreError {
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
