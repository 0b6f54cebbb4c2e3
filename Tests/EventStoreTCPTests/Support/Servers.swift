import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Logging
import TestSupport
import Testing

let administrator = Credentials(login: "admin", password: "changeit")
let reader = Credentials(login: "reader", password: "reader-pass")

extension ServerConfiguration {
  /// Free ports, a user who is no administrator, and patience with a client on a machine with much to do.
  static var patient: ServerConfiguration {
    var configuration = ServerConfiguration.freePorts
    configuration.users += [ServerUser(name: reader.login, password: reader.password)]
    configuration.heartbeatTimeOut = .seconds(120)
    return configuration
  }
}

extension TCPConfiguration {
  /// Quick to try again, and patient with a server on a machine with much to do.
  static func patient(as credentials: Credentials? = administrator) -> TCPConfiguration {
    var configuration = TCPConfiguration(connectionName: "test", credentials: credentials)
    let often = RetryPolicy(maximumAttempts: 100, firstDelay: .milliseconds(1), maximumDelay: .milliseconds(20))
    configuration.connectTimeout = .seconds(60)
    configuration.requestTimeout = .seconds(60)
    configuration.heartbeatTimeout = .seconds(120)
    configuration.firstConnection = often
    configuration.reconnection = often
    configuration.requestRetries = often
    configuration.authentication = RetryPolicy(
      maximumAttempts: 2, firstDelay: .milliseconds(1), maximumDelay: .milliseconds(1))
    return configuration
  }
}

extension TCPEventStore {
  /// Connects to a port of this machine, without a log.
  static func connect(_ configuration: TCPConfiguration, host: String = "127.0.0.1", port: Int) async throws
    -> TCPEventStore
  {
    try await connect(
      configuration: configuration, resolver: FixedEndpoint(Endpoint(host: host, port: port)), logger: .silent)
  }
}

extension Logger {
  /// A logger that says nothing.
  static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

/// Runs `body` with a server, and shuts it down afterwards.
func withServer<Result>(
  _ configuration: ServerConfiguration = .patient, _ body: (EmbeddedServer) async throws -> Result
) async throws -> Result {
  let server = try await EmbeddedServer.start(configuration)
  return try await doing {
    try await body(server)
  } finally: {
    await server.shutdown()
  }
}

/// Runs `body` with a client of a port of this machine, and closes it afterwards.
func withStore<Result>(
  _ configuration: TCPConfiguration = .patient(), host: String = "127.0.0.1", port: Int,
  _ body: (TCPEventStore) async throws -> Result
) async throws -> Result {
  let store = try await TCPEventStore.connect(configuration, host: host, port: port)
  return try await doing {
    try await body(store)
  } finally: {
    await store.close()
  }
}

/// Events with different ids, and their places in the array as data.
func events(_ count: Int, type: EventType = "counted") -> [ProposedEvent] {
  (0..<count).map { ProposedEvent(type: type, isJSON: true, data: Bytes("{\"n\":\($0)}")) }
}

/// The error that `body` throws; an issue when it throws none, or another kind.
func error<Success>(
  of body: () async throws -> Success, sourceLocation: SourceLocation = #_sourceLocation
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
