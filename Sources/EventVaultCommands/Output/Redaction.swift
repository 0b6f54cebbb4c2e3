/// Takes passwords out of text that people or logs will see.
package enum Redaction {
  /// What stands in the place of a secret.
  package static let mark = "**redacted**"

  /// The text with every `user:password@` and `DefaultUserCredentials=user:password` without its password.
  ///
  /// Works on anything that looks like it, also inside sentences: a connection string that could not be understood is
  /// quoted in its error.
  package static func redacted(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { redactedWord(String($0)) }.joined(separator: " ")
  }

  private static func redactedWord(_ word: String) -> String {
    redactedKeys(redactedUserInfo(word))
  }

  /// `…user:password@…`: from the first colon after the scheme to the last `@` of the word.
  private static func redactedUserInfo(_ word: String) -> String {
    guard let at = word.lastIndex(of: "@") else { return word }
    var start = word.startIndex
    if let scheme = word.firstRange(of: "://"), scheme.upperBound <= at { start = scheme.upperBound }
    guard let colon = word[start..<at].firstIndex(of: ":") else { return word }
    return word[...colon] + mark + word[at...]
  }

  /// `…Credentials=user:password` and `…Password=…`, up to the next `;` or `&`.
  private static func redactedKeys(_ word: String) -> String {
    var text = ""
    var field = ""
    for character in word {
      if character == ";" || character == "&" {
        text += redactedField(field) + String(character)
        field = ""
      } else {
        field.append(character)
      }
    }
    return text + redactedField(field)
  }

  private static func redactedField(_ field: String) -> String {
    guard let equals = field.firstIndex(of: "=") else { return field }
    let key = field[..<equals].lowercased()
    let value = field[field.index(after: equals)...]
    if key.hasSuffix("password") { return field[...equals] + mark }
    guard key.hasSuffix("credentials"), let colon = value.firstIndex(of: ":") else { return field }
    return field[...colon] + mark
  }
}
