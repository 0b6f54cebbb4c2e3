package import EventStoreCore

/// What names a group: its stream and its own name.
package struct GroupKey: Hashable, Sendable {
  /// The stream that it hands out.
  package let stream: StreamName
  /// Its name among the stream's groups.
  package let group: String

  package init(stream: StreamName, group: String) {
    self.stream = stream
    self.group = group
  }

  /// `stream::group`: what acknowledgements name.
  package var subscriptionID: String { "\(stream)::\(group)" }

  /// Where the group notes how far it has come.
  package var checkpointStream: StreamName { ownStream("checkpoint") }

  /// Where the group puts events that nobody could process.
  package var parkedStream: StreamName { ownStream("parked") }

  private func ownStream(_ purpose: String) -> StreamName {
    StreamName(utf8: Array("$persistentsubscription-".utf8) + stream.utf8 + Array("::\(group)-\(purpose)".utf8))
  }
}
