/// Somebody whose credentials were good; where nobody gave any, there is none.
package struct Principal: Hashable, Sendable {
  /// The login.
  package let name: String
  /// The groups.
  package let groups: [String]

  package init(name: String, groups: [String]) {
    self.name = name
    self.groups = groups
  }

  /// The server itself, and whoever uses its log in the same process: an administrator.
  package static let system = Principal(name: "system", groups: [adminsGroup])

  /// The group of administrators: they pass every access list.
  package static let adminsGroup = "$admins"
  /// The group of operators.
  package static let operatorsGroup = "$ops"

  /// Whether this is an administrator.
  package var isAdministrator: Bool { groups.contains(Self.adminsGroup) }

  /// Whether an access list names this principal, or a group of it.
  func isNamed(in list: [String]) -> Bool {
    list.contains(name) || list.contains { groups.contains($0) }
  }
}
