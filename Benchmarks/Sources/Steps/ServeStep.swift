import ArgumentParser
import EventStoreCore
import EventStoreServer
import Foundation

/// Runs the embedded server, filled with made-up events, until it is killed; prints its address.
struct ServeStep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", shouldDisplay: false)

  @OptionGroup var workload: WorkloadOptions

  func run() async throws {
    let server = try await EmbeddedServer.start(.freePorts)
    for batch in workload.events {
      for event in batch {
        let outcome = server.log.append(
          [ProposedEvent(event)], to: event.stream, expected: .any, by: .system, at: event.created)
        guard case .written = outcome else { throw BenchmarkError("an event was not written: \(outcome)") }
      }
    }
    try Self.tell("tcp://admin:changeit@127.0.0.1:\(server.tcpPort)")
    while true { try await Task.sleep(for: .seconds(3600)) }
  }
}

extension ServeStep {
  /// Prints a line at once: the reader waits for it.
  private static func tell(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
  }
}
