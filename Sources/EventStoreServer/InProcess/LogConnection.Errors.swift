import EventStoreCore

extension EventStoreError {
  /// The error for a write that was not carried out.
  init(refusal outcome: WriteOutcome, stream: StreamName, expected: ExpectedVersion) {
    switch outcome {
    case .wrongExpectedVersion(let current):
      self.init(
        .wrongExpectedVersion, "stream \(stream) was expected at \(expected), and is at \(current)", stream: stream,
        currentVersion: current, cause: "Wrong expected version.")
    case .streamDeleted:
      self.init(.streamDeleted, "stream \(stream) is deleted", stream: stream, cause: "Stream is deleted.")
    case .accessDenied:
      self.init(.accessDenied, "access to stream \(stream) is denied", stream: stream, cause: "Access denied.")
    case .written, .repeated:
      self.init(.protocolViolation, "the write to stream \(stream) was carried out", stream: stream)
    }
  }
}

extension ReadOutcome {
  /// What was read.
  /// - Throws: `accessDenied`, `serverError`.
  func page(of stream: StreamName?, position: Position?) throws -> Page {
    switch self {
    case .found(let page): return page
    case .accessDenied:
      let what = stream.map { "stream \($0)" } ?? "$all"
      throw EventStoreError(.accessDenied, "access to \(what) is denied", stream: stream, position: position)
    case .failed(let words):
      throw EventStoreError(
        .serverError, "the server could not read", stream: stream, position: position, cause: words)
    }
  }
}
