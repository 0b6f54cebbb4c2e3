import EventStoreCore

/// In what two events differ.
enum EventMismatch: String, Hashable, Sendable {
  case id = "id"
  case type = "type"
  case contentType = "content type"
  case data = "data"
  case metadata = "metadata"

  /// The first thing in which they differ; nil when they are the same but for number, position and date.
  init?(_ reference: RecordedEvent, _ target: RecordedEvent) {
    if reference.id != target.id {
      self = .id
    } else if reference.type != target.type {
      self = .type
    } else if reference.isJSON != target.isJSON {
      self = .contentType
    } else if reference.data != target.data {
      self = .data
    } else if reference.metadata != target.metadata {
      self = .metadata
    } else {
      return nil
    }
  }
}
