import EventStoreClient
import EventStoreCore
import EventStoreTCP

/// A connected server.
struct ServerConnection {
  /// Where it is, without secrets.
  let address: String
  /// Its events, to read and to write.
  let store: any EventReader & EventWriter

  /// Connects, runs `body`, and closes the connection however `body` ends.
  /// - Throws: `EventStoreError` of the connection, `CommandFailure` `usage`, and what `body` throws.
  static func with<Result>(
    _ address: ServerAddress, access: AccessOptions, context: CommandContext,
    _ body: (ServerConnection) async throws -> Result
  ) async throws -> Result {
    let connection = try connectionString(address, access: access)
    // Nothing is under way yet that a signal would have to make safe.
    let client = try await context.endingAtOnce {
      try await EventStoreClient.connect(
        connection, connectionName: "eventvault", logger: context.logger("eventvault.client", verbose: access.verbose))
    }
    do {
      let result = try await body(ServerConnection(address: "\(connection)", store: client.connection))
      await client.close()
      return result
    } catch {
      await client.close()
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
    if access.tls || access.tlsInsecure || access.tlsCaFile != nil || access.tlsHost != nil {
      connection.settings.usesTLS = true
    }
    if access.tlsInsecure { connection.settings.security.verifiesCertificate = false }
    if let file = access.tlsCaFile { connection.settings.security.authorityFile = file }
    if let host = access.tlsHost { connection.settings.security.targetHost = host }
    return connection
  }
}
