extension ServerAddress {
  /// Whether the connection string names a user without a password, and there is no password from elsewhere.
  var lacksPassword: Bool {
    password == nil && Self.completed(connectionString) != connectionString
  }

  /// The connection string; with a stand-in behind a user's name where the password comes from elsewhere.
  ///
  /// A connection string needs `user:password`; the stand-in makes it one, and is replaced by the true password as a value,
  /// which needs no escaping.
  var completedConnectionString: String {
    password == nil ? connectionString : Self.completed(connectionString)
  }

  private static func completed(_ text: String) -> String {
    text.split(separator: ";", omittingEmptySubsequences: false).map { completedPart(String($0)) }.joined(
      separator: ";")
  }

  /// `…://user@…` and `DefaultUserCredentials=user`, completed.
  private static func completedPart(_ part: String) -> String {
    if let scheme = part.firstRange(of: "://") {
      let end = part[scheme.upperBound...].firstIndex { $0 == "/" || $0 == "?" } ?? part.endIndex
      guard let at = part[scheme.upperBound..<end].lastIndex(of: "@") else { return part }
      return part[scheme.upperBound..<at].contains(":") ? part : part[..<at] + ":x" + part[at...]
    }
    guard let equals = part.firstIndex(of: "="), part[..<equals].lowercased().hasSuffix("credentials") else {
      return part
    }
    return part[equals...].contains(":") ? part : part + ":x"
  }
}
