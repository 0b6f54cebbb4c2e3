import ArgumentParser
import EventStoreClient
import EventStoreCore

/// Reads all of `$all` with the client that a backup uses, one page ahead as it does, and throws the events away.
struct ReadStep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "read", shouldDisplay: false)

  @Option var source: String
  @Option var pageSize = 500

  func run() async throws {
    let start = Usage.ofThisProcess
    let events = try await withEventStoreClient(source) { client in
      var events = 0
      var page = try await Self.page(client.connection, at: .start, size: pageSize).value
      while true {
        let ahead = Self.page(client.connection, at: page.nextPosition, size: pageSize)
        events += page.events.count
        let next = try await ahead.value
        if next.events.isEmpty { return events }
        page = next
      }
    }
    print("events \(events)")
    print(Usage.ofThisProcess.since(start).line)
  }

  private static func page(_ source: any EventReader, at position: Position, size: Int) -> Task<AllPage, any Error> {
    Task { try await source.readAll(.forward, from: position, maximumCount: size, resolveLinks: false) }
  }
}
