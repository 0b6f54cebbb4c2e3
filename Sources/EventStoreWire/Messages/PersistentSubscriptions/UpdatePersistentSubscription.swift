internal import CEventStoreProtos
package import EventStoreCore
package import NIOCore

/// Asks to change a group; its consumers are dropped.
package struct UpdatePersistentSubscription: SingleCommandMessage {
  package static let command = Command.updatePersistentSubscription

  /// The group's name.
  package var group: String
  /// The stream.
  package var stream: StreamName
  /// How the server is to run it.
  package var settings: PersistentSubscriptionSettings

  package init(group: String, stream: StreamName, settings: PersistentSubscriptionSettings) {
    self.group = group
    self.stream = stream
    self.settings = settings
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__update_persistent_subscription__init)
      set(
        &message.pointee.subscription_group_name, &message.pointee.has_subscription_group_name,
        writing.copy(group.utf8))
      set(&message.pointee.event_stream_id, &message.pointee.has_event_stream_id, writing.copy(stream.utf8))
      set(&message.pointee.resolve_link_tos, &message.pointee.has_resolve_link_tos, settings.resolveLinks)
      set(&message.pointee.start_from, &message.pointee.has_start_from, settings.startFrom)
      set(
        &message.pointee.message_timeout_milliseconds, &message.pointee.has_message_timeout_milliseconds,
        settings.messageTimeoutMilliseconds)
      set(&message.pointee.record_statistics, &message.pointee.has_record_statistics, settings.recordsStatistics)
      set(&message.pointee.live_buffer_size, &message.pointee.has_live_buffer_size, settings.liveBufferSize)
      set(&message.pointee.read_batch_size, &message.pointee.has_read_batch_size, settings.readBatchSize)
      set(&message.pointee.buffer_size, &message.pointee.has_buffer_size, settings.bufferSize)
      set(&message.pointee.max_retry_count, &message.pointee.has_max_retry_count, settings.maximumRetryCount)
      set(&message.pointee.prefer_round_robin, &message.pointee.has_prefer_round_robin, settings.prefersRoundRobin)
      set(
        &message.pointee.checkpoint_after_time, &message.pointee.has_checkpoint_after_time,
        settings.checkpointAfterMilliseconds)
      set(
        &message.pointee.checkpoint_max_count, &message.pointee.has_checkpoint_max_count,
        settings.maximumCheckpointCount)
      set(
        &message.pointee.checkpoint_min_count, &message.pointee.has_checkpoint_min_count,
        settings.minimumCheckpointCount)
      set(
        &message.pointee.subscriber_max_count, &message.pointee.has_subscriber_max_count,
        settings.maximumSubscriberCount)
      set(
        &message.pointee.named_consumer_strategy, &message.pointee.has_named_consumer_strategy,
        ifPresent: settings.consumerStrategy.map { writing.copy($0.utf8) })
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__update_persistent_subscription__unpack) {
      message, reading throws(WireError) in
      UpdatePersistentSubscription(
        group: reading.text(message.subscription_group_name), stream: reading.streamName(message.event_stream_id),
        settings: PersistentSubscriptionSettings(
          resolveLinks: message.resolve_link_tos != 0,
          startFrom: message.start_from,
          messageTimeoutMilliseconds: message.message_timeout_milliseconds,
          recordsStatistics: message.record_statistics != 0,
          liveBufferSize: message.live_buffer_size,
          readBatchSize: message.read_batch_size,
          bufferSize: message.buffer_size,
          maximumRetryCount: message.max_retry_count,
          prefersRoundRobin: message.prefer_round_robin != 0,
          checkpointAfterMilliseconds: message.checkpoint_after_time,
          maximumCheckpointCount: message.checkpoint_max_count,
          minimumCheckpointCount: message.checkpoint_min_count,
          maximumSubscriberCount: message.subscriber_max_count,
          consumerStrategy: reading.text(
            message.named_consumer_strategy, ifPresent: message.has_named_consumer_strategy)))
    }
  }
}
