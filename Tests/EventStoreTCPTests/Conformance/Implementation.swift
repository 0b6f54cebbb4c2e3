import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Testing

/// What the claims of this folder are about: whatever implements both ports.
typealias EventStorePorts = EventReader & EventWriter

/// An implementation of the ports. Each claim must hold for all of them.
enum Implementation: String, CaseIterable, Sendable {
  /// In the same process, without a network.
  case inProcess
  /// Over a socket.
  case tcp

  /// A fresh event store, to be reached by this implementation.
  struct Place: Sendable {
    /// What is stored, to look into.
    let log: EventLog
    /// The way to it for an administrator.
    let store: any EventStorePorts
    /// The way to it for somebody; nil for an anonymous client.
    let connect: @Sendable (Credentials?) async throws -> any EventStorePorts
  }

  /// Runs `body` with an event store that holds nothing but its users.
  func run(_ body: (Place) async throws -> Void) async throws {
    switch self {
    case .inProcess:
      let users = ServerConfiguration.patient.users
      let log = EventLog(users: users)
      let connect = { @Sendable (credentials: Credentials?) -> any EventStorePorts in
        LogConnection(log, as: credentials.flatMap { UserTable(users).authenticate($0) })
      }
      try await body(Place(log: log, store: connect(administrator), connect: connect))
    case .tcp:
      try await withServer { server in
        // Those that are not closed here are cut by the server's end.
        let connect = { @Sendable (credentials: Credentials?) async throws -> any EventStorePorts in
          try await TCPEventStore.connect(.patient(as: credentials), port: server.tcpPort)
        }
        try await withStore(port: server.tcpPort) { store in
          try await body(Place(log: server.log, store: store, connect: connect))
        }
      }
    }
  }
}

extension Implementation: CustomTestStringConvertible {
  var testDescription: String { rawValue }
}

extension EventReader {
  /// All pages of a stream, in one direction, until its end.
  func pages(
    of stream: StreamName, _ direction: ReadDirection = .forward, from number: EventNumber, size: Int
  ) async throws -> [StreamPage] {
    var pages: [StreamPage] = []
    var next = number
    while true {
      let page = try await readStream(stream, direction, from: next, maximumCount: size, resolveLinks: false)
      pages.append(page)
      guard !page.isEndOfStream, pages.count < 1000 else { return pages }
      next = page.nextEventNumber
    }
  }

  /// All pages of `$all` with events, in one direction, until its end.
  func allPages(_ direction: ReadDirection, from position: Position, size: Int) async throws -> [AllPage] {
    var pages: [AllPage] = []
    var next = position
    while pages.count < 1000 {
      let page = try await readAll(direction, from: next, maximumCount: size, resolveLinks: false)
      if page.events.isEmpty, page.nextPosition == page.position { return pages }
      pages.append(page)
      next = page.nextPosition
    }
    return pages
  }
}

extension StreamPage {
  /// The numbers of what stands in the stream.
  var numbers: [EventNumber] { events.compactMap { $0.received?.number } }
}
