import EventStoreCore

// Answers about one stream after which going on could lose or double events.

extension ReplicationError {
  /// The answer is none that the question can have.
  static func otherAnswer(_ stream: StreamName) -> ReplicationError {
    ReplicationError(.unexpectedAnswer, "stream \(stream) got an answer to another question", stream: stream)
  }

  /// The target refused what it can have no reason to refuse.
  static func strangeRefusal(_ stream: StreamName, _ error: EventStoreError) -> ReplicationError {
    ReplicationError(
      .unexpectedAnswer, "the target answered a question about stream \(stream) strangely", stream: stream,
      cause: "\(error)")
  }

  /// The target refuses to append after the event that it says is the last one.
  static func contradiction(_ stream: StreamName, _ head: TargetHead) -> ReplicationError {
    ReplicationError(
      .unexpectedAnswer,
      "stream \(stream) ends at \(head.last), and the target refuses to append after it: wrong expected version",
      stream: stream, hint: "another program may write to the stream; run the same command again")
  }

  /// Events got other numbers than they should have.
  static func otherNumbers(_ stream: StreamName, _ batch: AppendBatch, _ result: AppendResult) -> ReplicationError {
    ReplicationError(
      .unexpectedAnswer,
      "events \(batch.first) to \(batch.last) of stream \(stream) came back as \(result.firstEventNumber) to "
        + "\(result.lastEventNumber)", stream: stream)
  }
}
