import EventStoreClient
import EventStoreCore
import EventStoreTCP
import Replication

/// A connected server.
struct ServerConnection {
  /// Where it is, without secrets.
  let address: String
  /// Its events, to read and to write.
  let store: any EventReader & EventWriter

  /// Connects, runs `body`, and closes the connections however `body` ends.
  ///
  /// - Parameters:
  ///   - count: How many connections share the streams.
  ///   - resendsLost: Whether the client sends again what a lost connection left unanswered; else that is up to `body`.
  /// - Throws: `EventStoreError` of the connection, `CommandFailure` `usage`, and what `body` throws.
  static func with<Result>(
    _ address: ServerAddress, count: Int = 1, resendsLost: Bool = true, access: AccessOptions,
    context: CommandContext,
    _ body: (ServerConnection) async throws -> Result
  ) async throws -> Result {
    var connection = try connectionString(address, access: access)
    if !resendsLost { connection.settings.overrides.requestAttempts = .times(1) }
    let logger = context.logger("eventvault.client", verbose: access.verbose)
    var clients: [EventStoreClient] = []
    do {
      for _ in 0..<count {
        // Nothing is under way yet that a signal would have to make safe.
        clients.append(
          try await context.endingAtOnce {
            try await EventStoreClient.connect(connection, connectionName: "eventvault", logger: logger)
          })
      }
      let store: any EventReader & EventWriter =
        count == 1 ? clients[0].connection : StoreGroup(clients.map(\.connection))
      let result = try await body(ServerConnection(address: "\(connection)", store: store))
      for client in clients { await client.close() }
      return result
    } catch {
      for client in clients { await client.close() }
      throw error
    }
  }

  /// The connection string with the password and the TLS options that were given beside it.
  static func connectionString(_ address: ServerAddress, access: AccessOptions) throws -> ConnectionString {
    var connection: ConnectionString
    do {
      connection = try ConnectionString(address.completedConnectionString)
    } catch {
      guard address.lacksPassword else { throw error }
      throw CommandFailure(
        .usage, "the connection string names a user but no password",
        hint: "set EVENTVAULT_PASSWORD or give --password-file")
    }
    if let password = address.password, let login = connection.credentials?.login {
      connection.credentials = Credentials(login: login, password: password)
    }
    if access.wantsTLS { connection.settings.usesTLS = true }
    if access.tlsInsecure { connection.settings.security.verifiesCertificate = false }
    if let file = access.tlsCaFile { connection.settings.security.authorityFile = file }
    if let file = access.tlsCertFile { connection.settings.security.clientCertificateFile = file }
    if let file = access.tlsKeyFile { connection.settings.security.clientKeyFile = file }
    if let host = access.tlsHost { connection.settings.security.targetHost = host }
    return connection
  }
}
