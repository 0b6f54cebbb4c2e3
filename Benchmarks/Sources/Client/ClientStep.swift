import ArgumentParser
import EventStoreClient

/// Does one work with the client library, as a user's program would.
struct ClientStep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "client-step", shouldDisplay: false)

  @Option var server: String
  @Option var work: ClientWork
  @Option(name: .customLong("events")) var count: Int

  private static let body = Bytes(#"{"text":"\#(String(repeating: "x", count: ClientWork.eventBytes - 11))"}"#)

  func run() async throws {
    try await withEventStoreClient(server) { client in
      try await client.ping()
      let start = Usage.ofThisProcess
      let done =
        switch work {
        case .batches: try await batches(client)
        case .iterate: try await iterate(client)
        case .catchUp: try await catchUp(client)
        case .appends: try await appends(client)
        }
      let usage = Usage.ofThisProcess.since(start)
      guard done == count else { throw BenchmarkError("\(work): \(done) events instead of \(count)") }
      print(usage.line)
    }
  }

  private static func event() -> NewEvent { NewEvent(type: "Counted", isJSON: true, data: body) }

  private func batches(_ client: EventStoreClient) async throws -> Int {
    var written = 0
    while written < count {
      let events = (0..<min(ClientWork.batchSize, count - written)).map { _ in Self.event() }
      try await client.publish(to: StreamName(ClientWork.stream), events)
      written += events.count
    }
    return written
  }

  private func iterate(_ client: EventStoreClient) async throws -> Int {
    var seen = 0
    for try await event in client.iterate(StreamName(ClientWork.stream), batchSize: ClientWork.batchSize)
    where event.number == seen { seen += 1 }
    return seen
  }

  private func catchUp(_ client: EventStoreClient) async throws -> Int {
    var seen = 0
    let events = try await client.catchUp(StreamName(ClientWork.stream), batchSize: ClientWork.batchSize)
    for try await event in events where event.number == seen {
      seen += 1
      if seen == count { break }
    }
    return seen
  }

  private func appends(_ client: EventStoreClient) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for lane in 0..<ClientWork.batchSize {
        let share = count / ClientWork.batchSize + (lane < count % ClientWork.batchSize ? 1 : 0)
        group.addTask {
          for _ in 0..<share {
            try await client.publish(to: StreamName("\(ClientWork.stream)-\(lane)"), [Self.event()])
          }
          return share
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
