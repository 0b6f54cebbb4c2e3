internal import CEventStoreProtos
internal import EventStoreCore

// Events, as requests and answers carry them.

extension MessageWriting {
  /// An event to be written. Clients say nothing of the metadata's type.
  func newEvent(_ event: ProposedEvent) -> UnsafeMutablePointer<Eventstore__NewEvent> {
    let message = make(eventstore__new_event__init)
    set(&message.pointee.event_id, &message.pointee.has_event_id, copy(event.id))
    set(&message.pointee.event_type, &message.pointee.has_event_type, copy(event.type.utf8))
    set(
      &message.pointee.data_content_type, &message.pointee.has_data_content_type,
      event.isJSON ? ContentType.json : ContentType.bytes)
    set(&message.pointee.metadata_content_type, &message.pointee.has_metadata_content_type, ContentType.bytes)
    set(&message.pointee.data, &message.pointee.has_data, reference(event.data))
    set(&message.pointee.metadata, &message.pointee.has_metadata, reference(event.metadata))
    return message
  }

  /// An event with its link, as a read of a stream gives it; without fields for nil.
  func resolvedIndexedEvent(_ event: ResolvedEvent?) -> UnsafeMutablePointer<Eventstore__ResolvedIndexedEvent> {
    let message = make(eventstore__resolved_indexed_event__init)
    message.pointee.event = event?.event.map(eventRecord)
    message.pointee.link = event?.link.map(eventRecord)
    return message
  }

  /// An event with its link and position, as a read of `$all` gives it.
  func resolvedEvent(_ event: ResolvedEvent) -> UnsafeMutablePointer<Eventstore__ResolvedEvent> {
    let message = make(eventstore__resolved_event__init)
    message.pointee.event = event.event.map(eventRecord)
    message.pointee.link = event.link.map(eventRecord)
    let position = event.position ?? event.received?.position ?? .start
    set(&message.pointee.commit_position, &message.pointee.has_commit_position, position.commit)
    set(&message.pointee.prepare_position, &message.pointee.has_prepare_position, position.prepare)
    return message
  }

  /// A stored event, all ten fields unless its date has none for one of them. A server stores one JSON bit, for the data and the metadata.
  private func eventRecord(_ event: RecordedEvent) -> UnsafeMutablePointer<Eventstore__EventRecord> {
    let message = make(eventstore__event_record__init)
    let contentType = event.isJSON ? ContentType.json : ContentType.bytes
    set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, copy(event.stream.utf8))
    set(&message.pointee.event_number, &message.pointee.has_event_number, event.number)
    set(&message.pointee.event_id, &message.pointee.has_event_id, copy(event.id))
    set(&message.pointee.event_type, &message.pointee.has_event_type, copy(event.type.utf8))
    set(&message.pointee.data_content_type, &message.pointee.has_data_content_type, contentType)
    set(&message.pointee.metadata_content_type, &message.pointee.has_metadata_content_type, contentType)
    set(&message.pointee.data, &message.pointee.has_data, reference(event.data))
    set(&message.pointee.metadata, &message.pointee.has_metadata, reference(event.metadata))
    // Absent ticks mean milliseconds, and ticks of 0 are as good as absent.
    let ticks = event.created.ticks &+ Timestamp.dotNetEpochTicks
    let milliseconds = event.created.milliseconds
    if event.created.precision == .ticks || milliseconds == 0 {
      set(&message.pointee.created, &message.pointee.has_created, ticks)
    }
    if event.created.precision == .milliseconds || ticks != 0 {
      set(&message.pointee.created_epoch, &message.pointee.has_created_epoch, milliseconds)
    }
    return message
  }
}
