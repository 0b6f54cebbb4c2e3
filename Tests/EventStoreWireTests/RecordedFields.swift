import EventStoreCore
import EventStoreWire
import GoldenTraffic
import Testing

/// Checks a message's fields against what its recording says; false where there is nothing to compare.
func expectAgreement(of message: any WireMessage, with json: JSONValue, _ name: Comment) -> Bool {
  switch message {
  case let message as any TextMessage: check(message.text, json["text"], name)
  case let message as IdentifyClient: check(message, json, name)
  case let message as WriteEvents: check(message, json, name)
  case let message as WriteEventsCompleted: check(message, json, name)
  case let message as DeleteStream: check(message, json, name)
  case let message as DeleteStreamCompleted: check(message, json, name)
  case let message as TransactionWrite: check(message.events, json["events"], name)
  case let message as TransactionCommitCompleted: check(message, json, name)
  case let message as ReadEvent: check(message, json, name)
  case let message as ReadEventCompleted: check(message.event, json["event"] ?? .object([:]), name)
  case let message as ReadStreamEvents: check(message, json, name)
  case let message as ReadStreamEventsCompleted: check(message, json, name)
  case let message as ReadAllEvents: check(message, json, name)
  case let message as ReadAllEventsCompleted: check(message, json, name)
  case let message as SubscribeToStream:
    check(message.stream.description, json["event_stream_id"], name)
    check(message.resolveLinks, json["resolve_link_tos"], name)
  case let message as SubscriptionConfirmation:
    check(message.lastCommitPosition, json["last_commit_position"], name)
    #expect(message.lastEventNumber == json["last_event_number"]?.integer, name)
  case let message as StreamEventAppeared: check(message.event, json["event"] ?? .null, name)
  case let message as PersistentSubscriptionStreamEventAppeared:
    check(message.event, json["event"] ?? .null, name)
    check(Int64(message.retryCount), json["retryCount"], name)
  case let message as CreatePersistentSubscription: check(message, json, name)
  case let message as NotHandled: check(message, json, name)
  default: return false
  }
  return true
}

private func check(_ value: Int64, _ json: JSONValue?, _ name: Comment) {
  #expect(json?.integer == value, name)
}

private func check(_ value: Bool, _ json: JSONValue?, _ name: Comment) {
  #expect(json?.bool == value, name)
}

private func check(_ value: String, _ json: JSONValue?, _ name: Comment) {
  #expect(json?.string == value, name)
}

/// Enumerations are recorded by the server's names: the same words in upper camel case.
private func check(result: some Any, _ json: JSONValue?, _ name: Comment) {
  #expect(json?.string?.lowercased() == "\(result)".lowercased(), name)
}

private func check(_ message: IdentifyClient, _ json: JSONValue, _ name: Comment) {
  check(Int64(message.version), json["version"], name)
  #expect(message.connectionName == json["connection_name"]?.string, name)
}

private func check(_ message: WriteEvents, _ json: JSONValue, _ name: Comment) {
  check(message.stream.description, json["event_stream_id"], name)
  check(message.expectedVersion, json["expected_version"], name)
  check(message.requireLeader, json["require_master"], name)
  check(message.events, json["events"], name)
}

private func check(_ events: [ProposedEvent], _ json: JSONValue?, _ name: Comment) {
  let expected = json?.array ?? []
  #expect(events.count == expected.count, name)
  for (event, json) in zip(events, expected) {
    check(event.id.description, json["event_id"], name)
    check(event.type.description, json["event_type"], name)
    #expect(event.isJSON == (json["data_content_type"] == .integer(1)), name)
    check(event.data, json["data"], name)
    check(event.metadata, json["metadata"], name)
  }
}

private func check(_ message: WriteEventsCompleted, _ json: JSONValue, _ name: Comment) {
  check(result: message.result, json["result"], name)
  #expect(message.message == json["message"]?.string, name)
  check(message.firstEventNumber, json["first_event_number"], name)
  check(message.lastEventNumber, json["last_event_number"], name)
  check(message.position, json, "", name)
  #expect(message.currentVersion == json["current_version"]?.integer, name)
}

private func check(_ message: DeleteStream, _ json: JSONValue, _ name: Comment) {
  check(message.stream.description, json["event_stream_id"], name)
  check(message.expectedVersion, json["expected_version"], name)
  check(message.requireLeader, json["require_master"], name)
  check(message.hardDelete, json["hard_delete"], name)
}

private func check(_ message: DeleteStreamCompleted, _ json: JSONValue, _ name: Comment) {
  check(result: message.result, json["result"], name)
  #expect(message.message == json["message"]?.string, name)
  check(message.position, json, "", name)
}

private func check(_ message: TransactionCommitCompleted, _ json: JSONValue, _ name: Comment) {
  check(message.transactionID, json["transaction_id"], name)
  check(result: message.result, json["result"], name)
  check(message.firstEventNumber, json["first_event_number"], name)
  check(message.lastEventNumber, json["last_event_number"], name)
  check(message.position, json, "", name)
}

private func check(_ message: ReadEvent, _ json: JSONValue, _ name: Comment) {
  check(message.stream.description, json["event_stream_id"], name)
  check(message.eventNumber, json["event_number"], name)
  check(message.resolveLinks, json["resolve_link_tos"], name)
  check(message.requireLeader, json["require_master"], name)
}

private func check(_ message: ReadStreamEvents, _ json: JSONValue, _ name: Comment) {
  check(message.stream.description, json["event_stream_id"], name)
  check(message.fromEventNumber, json["from_event_number"], name)
  check(Int64(message.maximumCount), json["max_count"], name)
  check(message.resolveLinks, json["resolve_link_tos"], name)
  check(message.requireLeader, json["require_master"], name)
}

private func check(_ message: ReadStreamEventsCompleted, _ json: JSONValue, _ name: Comment) {
  check(result: message.result, json["result"], name)
  check(message.nextEventNumber, json["next_event_number"], name)
  check(message.lastEventNumber, json["last_event_number"], name)
  check(message.isEndOfStream, json["is_end_of_stream"], name)
  check(message.lastCommitPosition, json["last_commit_position"], name)
  check(message.error, json["error"], name)
  check(message.events, json["events"], name)
}

private func check(_ message: ReadAllEvents, _ json: JSONValue, _ name: Comment) {
  check(message.position, json, "", name)
  check(Int64(message.maximumCount), json["max_count"], name)
  check(message.resolveLinks, json["resolve_link_tos"], name)
  check(message.requireLeader, json["require_master"], name)
}

private func check(_ message: ReadAllEventsCompleted, _ json: JSONValue, _ name: Comment) {
  check(result: message.result, json["result"] ?? .string("Success"), name)
  check(message.position, json, "", name)
  check(message.nextPosition, json, "next_", name)
  #expect(message.error == json["error"]?.string, name)
  check(message.events, json["events"], name)
}

private func check(_ message: CreatePersistentSubscription, _ json: JSONValue, _ name: Comment) {
  let settings = message.settings
  check(message.group, json["subscription_group_name"], name)
  check(message.stream.description, json["event_stream_id"], name)
  check(settings.resolveLinks, json["resolve_link_tos"], name)
  check(settings.startFrom, json["start_from"], name)
  check(Int64(settings.messageTimeoutMilliseconds), json["message_timeout_milliseconds"], name)
  check(settings.recordsStatistics, json["record_statistics"], name)
  check(Int64(settings.liveBufferSize), json["live_buffer_size"], name)
  check(Int64(settings.readBatchSize), json["read_batch_size"], name)
  check(Int64(settings.bufferSize), json["buffer_size"], name)
  check(Int64(settings.maximumRetryCount), json["max_retry_count"], name)
  check(settings.prefersRoundRobin, json["prefer_round_robin"], name)
  check(Int64(settings.checkpointAfterMilliseconds), json["checkpoint_after_time"], name)
  check(Int64(settings.maximumCheckpointCount), json["checkpoint_max_count"], name)
  check(Int64(settings.minimumCheckpointCount), json["checkpoint_min_count"], name)
  check(Int64(settings.maximumSubscriberCount), json["subscriber_max_count"], name)
  #expect(settings.consumerStrategy == json["named_consumer_strategy"]?.string, name)
}

private func check(_ message: NotHandled, _ json: JSONValue, _ name: Comment) {
  let info = json["additional_info"]?["MasterInfo"]
  #expect((message.leader == nil) == (info == nil), name)
  guard let leader = message.leader, let info else {
    return check(result: message.reason, json["reason"], name)
  }
  check("NotMaster", json["reason"], name)
  check(leader.tcp.host, info["external_tcp_address"], name)
  check(Int64(leader.tcp.port), info["external_tcp_port"], name)
  check(leader.http.host, info["external_http_address"], name)
  check(Int64(leader.http.port), info["external_http_port"], name)
  #expect(leader.secureTCP == nil, name)
}

private func check(_ position: Position, _ json: JSONValue, _ prefix: String, _ name: Comment) {
  check(position.commit, json["\(prefix)commit_position"], name)
  check(position.prepare, json["\(prefix)prepare_position"], name)
}

private func check(_ events: [ResolvedEvent], _ json: JSONValue?, _ name: Comment) {
  let expected = json?.array ?? []
  #expect(events.count == expected.count, name)
  for (event, json) in zip(events, expected) { check(event, json, name) }
}

private func check(_ event: ResolvedEvent?, _ json: JSONValue, _ name: Comment) {
  check(event?.event, json["event"], name)
  check(event?.link, json["link"], name)
  let position = json["commit_position"].map { _ in event?.position ?? .end }
  #expect(event?.position == position, name)
  if let position {
    check(position, json, "", name)
    #expect(event?.received?.position == position, name)
    if event?.link != nil { #expect(event?.event?.position == nil, name) }
  }
}

private func check(_ event: RecordedEvent?, _ json: JSONValue?, _ name: Comment) {
  #expect((event == nil) == (json == nil), name)
  guard let event, let json else { return }
  check(event.stream.description, json["event_stream_id"], name)
  check(event.number, json["event_number"], name)
  check(event.id.description, json["event_id"], name)
  check(event.type.description, json["event_type"], name)
  #expect(event.isJSON == (json["data_content_type"] == .integer(1)), name)
  check(event.data, json["data"], name)
  check(event.metadata, json["metadata"], name)
  check(event.created.ticks, json["created"]?.integer.map { .integer($0 - Timestamp.dotNetEpochTicks) }, name)
  check(event.created.milliseconds, json["created_epoch"], name)
}

/// Bytes are recorded as text, as digits, or by their length when they are many.
private func check(_ bytes: Bytes, _ json: JSONValue?, _ name: Comment) {
  if let text = json?["utf8"]?.string {
    #expect(bytes.elementsEqual(text.utf8), name)
  } else if let digits = json?["hex"]?.string {
    let expected = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    #expect(expected == digits, name)
  } else {
    check(Int64(bytes.count), json?["length"], name)
  }
}
