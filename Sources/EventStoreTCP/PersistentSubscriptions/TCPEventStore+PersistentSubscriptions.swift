package import EventStoreCore
import EventStoreWire

extension TCPEventStore {
  /// Creates a persistent subscription: a named group of consumers of a stream, which need not exist.
  /// - Throws: `subscriptionExists`, `accessDenied`, `serverError` with the server's words, `invalidArgument`, and those of the
  ///   connection: `connectionLost` when it may have been created.
  package func createSubscription(
    _ group: String, on stream: StreamName, settings: SubscriptionSettings
  ) async throws {
    let message = CreatePersistentSubscription(group: group, stream: stream, settings: try settings.wireValue)
    let frame = try await answer(to: message, resend: .never)
    let answer = try read(CreatePersistentSubscriptionCompleted.self, from: frame, about: stream)
    switch answer.result {
    case .success: break
    case .alreadyExists:
      throw EventStoreError(
        .subscriptionExists, "there is a subscription \(group) on stream \(stream) already", stream: stream,
        hint: "update it, or delete it first", cause: answer.reason)
    case .failed: throw failed("create", group, stream, answer.reason)
    case .accessDenied: throw denied("create", group, stream, answer.reason)
    }
  }

  /// Gives a persistent subscription other settings. It goes on after its checkpoint, and its consumers too.
  /// - Throws: `subscriptionNotFound`, `accessDenied`, `serverError` with the server's words, `invalidArgument`, and those of
  ///   the connection.
  package func updateSubscription(
    _ group: String, on stream: StreamName, settings: SubscriptionSettings
  ) async throws {
    let message = UpdatePersistentSubscription(group: group, stream: stream, settings: try settings.wireValue)
    let frame = try await answer(to: message, resend: .always)
    let answer = try read(UpdatePersistentSubscriptionCompleted.self, from: frame, about: stream)
    switch answer.result {
    case .success: break
    case .doesNotExist: throw EventStoreError.noSubscription(group, on: stream, answer.reason)
    case .failed: throw failed("update", group, stream, answer.reason)
    case .accessDenied: throw denied("update", group, stream, answer.reason)
    }
  }

  /// Deletes a persistent subscription; its consumers end with `subscriptionNotFound`.
  /// - Throws: `subscriptionNotFound`, `accessDenied`, `serverError` with the server's words, and those of the connection:
  ///   `connectionLost` when it may have been deleted.
  package func deleteSubscription(_ group: String, on stream: StreamName) async throws {
    let frame = try await answer(to: DeletePersistentSubscription(group: group, stream: stream), resend: .never)
    let answer = try read(DeletePersistentSubscriptionCompleted.self, from: frame, about: stream)
    switch answer.result {
    case .success: break
    case .doesNotExist: throw EventStoreError.noSubscription(group, on: stream, answer.reason)
    case .failed: throw failed("delete", group, stream, answer.reason)
    case .accessDenied: throw denied("delete", group, stream, answer.reason)
    }
  }

  /// Becomes a consumer of a persistent subscription; returns when the server has confirmed.
  ///
  /// - Parameter allowedInFlight: how many events the server sends ahead of acknowledgements; it bounds the memory here.
  /// - Throws: `subscriptionNotFound`, `tooManyConsumers`, `accessDenied`, `invalidArgument`, and those of the connection.
  package func connectSubscription(
    _ group: String, to stream: StreamName, allowedInFlight: Int
  ) async throws -> PersistentSubscription {
    guard (1...Int(Int32.max)).contains(allowedInFlight) else {
      throw EventStoreError(
        .invalidArgument, "at least one event has to be allowed in flight, not \(allowedInFlight)", stream: stream)
    }
    let message = ConnectToPersistentSubscription(
      group: group, stream: stream, allowedInFlightMessages: Int32(allowedInFlight))
    let request = try request(for: message, resend: .always)
    let buffer = ConsumerBuffer(machine: ConsumerStateMachine(allowedInFlight: allowedInFlight))
    let inbox = SubscriptionInbox(buffer)
    try await connection.subscribe(request, to: stream, group: group, inbox: inbox)
    return PersistentSubscription(id: request.id, inbox: inbox, connection: connection)
  }

  private func failed(_ verb: String, _ group: String, _ stream: StreamName, _ words: String) -> EventStoreError {
    EventStoreError(
      .serverError, "the server could not \(verb) the subscription \(group) on stream \(stream)", stream: stream,
      cause: words)
  }

  private func denied(_ verb: String, _ group: String, _ stream: StreamName, _ words: String) -> EventStoreError {
    EventStoreError(
      .accessDenied, "\(user ?? "nobody in particular") may not \(verb) the subscription \(group) on stream \(stream)",
      stream: stream, hint: "managing subscriptions needs an administrator: connect as a user of the group $admins",
      cause: words)
  }
}

extension EventStoreError {
  /// There is no such persistent subscription.
  static func noSubscription(_ group: String, on stream: StreamName, _ words: String? = nil) -> EventStoreError {
    EventStoreError(
      .subscriptionNotFound, "there is no subscription \(group) on stream \(stream)", stream: stream,
      hint: "create it first", cause: words)
  }
}
