import EventStoreCore
import EventStoreWire

/// A group as the server's configuration shows it: what the client asked for, zeros left out.
struct GroupConfiguration {
  let json: IndentedJSON

  init(_ key: GroupKey, _ settings: PersistentSubscriptionSettings, _ strategy: ConsumerStrategy) {
    let numbers: [(String, Int64)] = [
      ("messageTimeout", Int64(settings.messageTimeoutMilliseconds)), ("startFrom", settings.startFrom),
      ("liveBufferSize", Int64(settings.liveBufferSize)), ("historyBufferSize", Int64(settings.bufferSize)),
      ("maxRetryCount", Int64(settings.maximumRetryCount)), ("readBatchSize", Int64(settings.readBatchSize)),
      ("checkPointAfter", Int64(settings.checkpointAfterMilliseconds)),
      ("minCheckPointCount", Int64(settings.minimumCheckpointCount)),
      ("maxCheckPointCount", Int64(settings.maximumCheckpointCount)),
      ("maxSubscriberCount", Int64(settings.maximumSubscriberCount)),
    ]
    let flags = [("resolveLinkTos", settings.resolveLinks), ("extraStatistics", settings.recordsStatistics)]
    var members: [(String, IndentedJSON)] = [("stream", .text(key.stream.description)), ("group", .text(key.group))]
    members += flags.filter(\.1).map { ($0.0, .literal("true")) }
    members += numbers.filter { $0.1 != 0 }.map { ($0.0, .literal("\($0.1)")) }
    members.append(("namedConsumerStrategy", .text(strategy.rawValue)))
    json = .object(members)
  }
}
