import EventStoreCore
import EventStoreWire

/// What a client asked of a group, as the server shows it.
struct GroupConfiguration {
  /// As it stands among all groups in the server's configuration, zeros left out.
  let json: IndentedJSON
  /// As it is told over HTTP.
  let details: IndentedJSON

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
    details = Self.details(settings, strategy)
  }

  private static func details(
    _ settings: PersistentSubscriptionSettings, _ strategy: ConsumerStrategy
  ) -> IndentedJSON {
    .object([
      ("resolveLinktos", .flag(settings.resolveLinks)), ("startFrom", .number(settings.startFrom)),
      ("messageTimeoutMilliseconds", .number(settings.messageTimeoutMilliseconds)),
      ("extraStatistics", .flag(settings.recordsStatistics)),
      ("maxRetryCount", .number(settings.maximumRetryCount)), ("liveBufferSize", .number(settings.liveBufferSize)),
      ("bufferSize", .number(settings.bufferSize)), ("readBatchSize", .number(settings.readBatchSize)),
      ("preferRoundRobin", .flag(strategy == .roundRobin)),
      ("checkPointAfterMilliseconds", .number(settings.checkpointAfterMilliseconds)),
      ("minCheckPointCount", .number(settings.minimumCheckpointCount)),
      ("maxCheckPointCount", .number(settings.maximumCheckpointCount)),
      ("maxSubscriberCount", .number(settings.maximumSubscriberCount)),
      ("namedConsumerStrategy", .text(strategy.rawValue)),
    ])
  }
}
