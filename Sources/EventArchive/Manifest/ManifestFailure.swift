/// Why a line of a manifest cannot be used.
struct ManifestFailure: Error, Hashable, Sendable {
  /// What is wrong: lower case, without a full stop.
  var message: String
  /// Whether the line is sound, but of a version of the format that this program does not know.
  var isNewer: Bool

  init(_ message: String, isNewer: Bool = false) {
    self.message = message
    self.isNewer = isNewer
  }
}
