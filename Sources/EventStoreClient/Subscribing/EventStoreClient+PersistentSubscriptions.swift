public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// Creates a persistent subscription: the server hands the events of a stream out to a named group of consumers.
  ///
  /// The stream need not exist. Managing subscriptions needs an administrator.
  ///
  /// ```swift
  /// try await withEventStoreClient("tcp://admin:changeit@localhost:1113") { client in
  ///   var settings = SubscriptionSettings()
  ///   settings.start = .beginning
  ///   settings.maximumRetryCount = 3
  ///   try await client.createSubscription("mailer", on: "orders", settings: settings)
  /// }
  /// ```
  /// - Throws: `subscriptionExists`, `accessDenied`, `serverError` with the server's words, `invalidArgument`, and those of the
  ///   connection: `connectionLost` when it may have been created.
  public func createSubscription(
    _ group: String, on stream: StreamName, settings: SubscriptionSettings = SubscriptionSettings()
  ) async throws {
    try await tcp.createSubscription(group, on: stream, settings: settings)
  }

  /// Gives a persistent subscription other settings: all of them, not only those that are set.
  ///
  /// It goes on after its last checkpoint, so events that were acknowledged after that come again. Its consumers connect again
  /// by themselves.
  ///
  /// ```swift
  /// var settings = SubscriptionSettings()
  /// settings.messageTimeout = .seconds(60)
  /// try await client.updateSubscription("mailer", on: "orders", settings: settings)
  /// ```
  /// - Throws: `subscriptionNotFound`, `accessDenied`, `serverError` with the server's words, `invalidArgument`, and those of
  ///   the connection.
  public func updateSubscription(
    _ group: String, on stream: StreamName, settings: SubscriptionSettings
  ) async throws {
    try await tcp.updateSubscription(group, on: stream, settings: settings)
  }

  /// Deletes a persistent subscription; its consumers end with `subscriptionNotFound`.
  ///
  /// ```swift
  /// try await client.deleteSubscription("mailer", on: "orders")
  /// ```
  /// - Throws: `subscriptionNotFound`, `accessDenied`, `serverError` with the server's words, and those of the connection:
  ///   `connectionLost` when it may have been deleted.
  public func deleteSubscription(_ group: String, on stream: StreamName) async throws {
    try await tcp.deleteSubscription(group, on: stream)
  }

  /// Becomes a consumer of a persistent subscription; returns when the server has confirmed.
  ///
  /// Each event goes to one consumer, and comes again until it is acknowledged. After a lost connection, an update of
  /// the subscription and a change of the leader the consumer is connected again, and what was not acknowledged comes again
  /// too. On a follower the client goes to the leader.
  ///
  /// ```swift
  /// let subscription = try await client.connectSubscription("mailer", to: "orders", inFlightLimit: 20)
  /// for try await delivered in subscription {
  ///   print(delivered.event.number, delivered.event.type)
  ///   try await subscription.ack(delivered)
  /// }
  /// ```
  /// - Parameters:
  ///   - inFlightLimit: how many events the server sends ahead of acknowledgements; it bounds the memory of a slow consumer.
  ///   - autoAck: whether an event is acknowledged when the next one is asked for.
  /// - Throws: `subscriptionNotFound`, `tooManyConsumers`, `accessDenied`, `invalidArgument`, and those of the connection.
  public func connectSubscription(
    _ group: String, to stream: StreamName, inFlightLimit: Int = 10, autoAck: Bool = false
  ) async throws -> ConsumerSubscription {
    let subscription = try await tcp.connectSubscription(group, to: stream, allowedInFlight: inFlightLimit)
    return ConsumerSubscription(subscription, acknowledgesItself: autoAck)
  }
}
