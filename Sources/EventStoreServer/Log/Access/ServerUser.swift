package import EventStoreCore

/// A user of an embedded server; prints without the password.
package struct ServerUser: Hashable, Sendable {
  /// The login and the password.
  package let credentials: Credentials
  /// The groups; `$admins` passes every access list.
  package let groups: [String]

  package init(name: String, password: String, groups: [String] = []) {
    credentials = Credentials(login: name, password: password)
    self.groups = groups
  }

  /// The user that `name:password` or `name:password:group,group` describes; nil when it is neither.
  ///
  /// A password may hold colons only when groups follow it, even none: `name:pass:word:`.
  package init?(parsing text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, !parts[0].isEmpty else { return nil }
    let password = parts.count == 2 ? String(parts[1]) : parts[1..<parts.count - 1].joined(separator: ":")
    let groups = parts.count == 2 ? [] : parts[parts.count - 1].split(separator: ",").map(String.init)
    guard !password.isEmpty, parts[0].utf8.count <= 255, password.utf8.count <= 255 else { return nil }
    self.init(name: String(parts[0]), password: password, groups: groups)
  }

  /// The two users that every server has: `admin` and `ops`, with the password `changeit`.
  package static let defaults = [
    ServerUser(name: "ops", password: "changeit", groups: [Principal.operatorsGroup]),
    ServerUser(name: "admin", password: "changeit", groups: [Principal.adminsGroup]),
  ]
}
