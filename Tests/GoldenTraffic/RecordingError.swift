/// Why a recording could not be read.
package struct RecordingError: Error, CustomStringConvertible, Sendable {
  /// What is wrong, in lower case.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
