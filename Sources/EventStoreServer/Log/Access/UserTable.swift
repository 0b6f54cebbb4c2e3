package import EventStoreCore

/// The users of a server, and whether a login and its password are good.
package struct UserTable: Sendable {
  private var users: [String: ServerUser]

  /// The table of these users; a later one replaces an earlier one of the same name.
  package init(_ users: [ServerUser] = ServerUser.defaults) {
    self.users = Dictionary(users.map { ($0.credentials.login, $0) }, uniquingKeysWith: { $1 })
  }

  /// Who these credentials belong to; nil when they are not good.
  package func authenticate(_ credentials: Credentials) -> Principal? {
    guard let user = users[credentials.login], Self.areEqual(user.credentials.password, credentials.password) else {
      return nil
    }
    return Principal(name: user.credentials.login, groups: user.groups)
  }

  /// Takes the same time wherever two passwords of one length differ.
  private static func areEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
