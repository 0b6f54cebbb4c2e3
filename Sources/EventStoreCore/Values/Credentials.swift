/// A login and its password; prints without the password.
public struct Credentials: Hashable, Sendable {
  /// The user's name; at most 255 bytes of UTF-8 over TCP.
  public let login: String
  /// The user's password; at most 255 bytes of UTF-8 over TCP.
  public let password: String

  public init(login: String, password: String) {
    self.login = login
    self.password = password
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(login):**redacted**" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["login": login]) }
}
