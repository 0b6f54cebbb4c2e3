import EventStoreCore

/// The JSON that is answered about persistent subscriptions.
enum SubscriptionsText {
  /// A group in a list, as 4.1.4 shows it.
  static func summary(_ report: GroupReport, _ node: NodeStatus) -> IndentedJSON {
    let urls = URLs(report.key, node)
    let statistics = report.statistics
    return .object([
      ("links", .array([link(urls.info, "detail")])),
      ("eventStreamId", .text(report.key.stream.description)), ("groupName", .text(report.key.group)),
      ("parkedMessageUri", .text(urls.parked)), ("getMessagesUri", .text(urls.messages)),
      ("status", .text(report.status)), ("averageItemsPerSecond", rate(statistics.items)),
      ("totalItemsProcessed", .number(statistics.items.total)),
      ("lastProcessedEventNumber", .number(statistics.checkpoint)),
      ("lastKnownEventNumber", .number(report.lastKnown)),
      ("connectionCount", .number(report.consumers.count)),
      ("totalInFlightMessages", .number(statistics.inFlightCount)),
    ])
  }

  /// Everything about a group, in the form of EventStore 5; the last two numbers have been there since 21.
  static func details(_ report: GroupReport, _ node: NodeStatus) -> IndentedJSON {
    let urls = URLs(report.key, node)
    let statistics = report.statistics
    return .object([
      ("links", .array([link(urls.info, "detail"), link(urls.replay, "replayParked")])),
      ("config", report.configuration.details),
      ("eventStreamId", .text(report.key.stream.description)), ("groupName", .text(report.key.group)),
      ("status", .text(report.status)), ("averageItemsPerSecond", rate(statistics.items)),
      ("parkedMessageUri", .text(urls.parked)), ("getMessagesUri", .text(urls.messages)),
      ("totalItemsProcessed", .number(statistics.items.total)),
      ("countSinceLastMeasurement", .number(statistics.items.sinceLastMeasurement)),
      ("lastProcessedEventNumber", .number(statistics.checkpoint)),
      ("lastKnownEventNumber", .number(report.lastKnown)),
      ("readBufferCount", .number(statistics.readAheadCount)),
      // The log itself is the live buffer.
      ("liveBufferCount", .number(0)),
      ("retryBufferCount", .number(statistics.retryCount)),
      ("totalInFlightMessages", .number(statistics.inFlightCount)),
      ("outstandingMessagesCount", .number(statistics.inFlightCount)),
      ("parkedMessageCount", .number(report.parkedCount)),
      ("connections", .array(report.consumers.map(consumer))),
    ])
  }

  /// What became of a wish.
  static func result(_ result: String, _ reason: String = "") -> IndentedJSON {
    .object([("result", .text(result)), ("reason", .text(reason))])
  }

  private static func consumer(_ consumer: GroupReport.Consumer) -> IndentedJSON {
    .object([
      ("from", .text(consumer.address)), ("username", .text(consumer.user)),
      ("averageItemsPerSecond", rate(consumer.statistics.items)),
      ("totalItemsProcessed", .number(consumer.statistics.items.total)),
      ("countSinceLastMeasurement", .number(consumer.statistics.items.sinceLastMeasurement)),
      ("extraStatistics", .array([])),
      ("availableSlots", .number(consumer.statistics.availableCount)),
      ("inFlightMessages", .number(consumer.statistics.inFlightCount)),
      ("connectionName", .text(consumer.connectionName)),
    ])
  }

  private static func rate(_ items: ItemCounter.Measurement) -> IndentedJSON { .literal("\(items.perSecond).0") }

  private static func link(_ address: String, _ relation: String) -> IndentedJSON {
    .object([("href", .text(address)), ("rel", .text(relation))])
  }

  /// Where things about a group are.
  private struct URLs {
    private let base: String
    private let stream: String
    private let group: String

    init(_ key: GroupKey, _ node: NodeStatus) {
      let host = node.host.contains(":") ? "[\(node.host)]" : node.host
      base = "http://\(host):\(node.httpPort)"
      stream = Self.escaped(Array(key.stream.utf8))
      group = Self.escaped(Array(key.group.utf8))
    }

    private var subscription: String { "\(base)/subscriptions/\(stream)/\(group)" }
    var info: String { "\(subscription)/info" }
    var replay: String { "\(subscription)/replayParked" }
    var messages: String { "\(subscription)/1" }
    var parked: String { "\(base)/streams/%24persistentsubscription-\(stream)::\(group)-parked" }

    private static func escaped(_ bytes: [UInt8]) -> String {
      bytes.map { byte in
        let character = Character(UnicodeScalar(byte))
        if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
          return String(character)
        }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count < 2 ? "0" : "") + digits
      }.joined()
    }
  }
}
