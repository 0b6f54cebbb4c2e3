package import EventStoreCore
package import EventStoreWire

/// What connections ask for their consumers.
extension PersistentSubscriptions {
  /// What became of a wish to be a consumer.
  package enum Connecting: Hashable, Sendable {
    case confirmed(PersistentSubscriptionConfirmation)
    case dropped(SubscriptionDropped.Reason)
    /// The connection has too many consumers.
    case tooMany
  }

  /// A connection came; the number under which it is known here.
  /// - Parameter address: where from.
  package func connectionOpened(from address: String) -> Int {
    state.withLock { state in
      state.lastConnection += 1
      state.peers[state.lastConnection] = Peer(address: address)
      return state.lastConnection
    }
  }

  /// A client said what it calls its connection.
  func connectionNamed(_ connection: Int, _ name: String) {
    state.withLock { $0.peers[connection]?.name = name }
  }

  /// Calls `wake` whenever there is something for this connection to take; on any thread.
  package func observe(_ connection: Int, wake: @escaping @Sendable () -> Void) {
    state.withLock { $0.connections[connection, default: Outbox()].wake = wake }
  }

  /// A connection went away, and its consumers with it.
  package func connectionClosed(_ connection: Int) {
    change { state in
      state.peers[connection] = nil
      guard let outbox = state.connections.removeValue(forKey: connection) else { return }
      for (correlationID, key) in outbox.consumers {
        leave(ConsumerID(connection: connection, correlationID: correlationID), key, in: &state)
      }
    }
  }

  /// Whether the connection has, or may still have to be told about, consumers.
  package func hasConsumers(_ connection: Int) -> Bool {
    state.withLock { state in
      guard let outbox = state.connections[connection] else { return false }
      return !outbox.consumers.isEmpty || !outbox.isEmpty
    }
  }

  /// Makes a consumer. Its events follow when the connection takes them.
  package func connect(
    _ request: ConnectToPersistentSubscription, as consumer: ConsumerID, by principal: Principal?
  ) -> Connecting {
    let key = GroupKey(stream: request.stream, group: request.group)
    return change { state in
      guard let start = log.subscribe(request.stream, by: principal) else { return .dropped(.accessDenied) }
      guard let isFull = state.groups[key]?.machine.isFull else { return .dropped(.notFound) }
      guard !isFull else { return .dropped(.subscriberMaxCountReached) }
      let consumers = state.connections[consumer.connection]?.consumers ?? [:]
      guard consumers.count < Self.maximumConsumerCount else { return .tooMany }
      if let former = consumers[consumer.correlationID] {
        state.connections[consumer.connection]?.end(consumer.correlationID)
        leave(consumer, former, in: &state)
      }
      state.connections[consumer.connection, default: Outbox()].begin(
        consumer.correlationID, key, user: principal?.name ?? "anonymous")
      let allowed = max(0, Int(request.allowedInFlightMessages))
      let actions = state.groups[key]?.machine.consumerConnected(consumer, allowedInFlight: allowed, now: now) ?? []
      perform(actions, of: key, in: &state)
      // There may be history to read: the connection does it when it is woken, after the confirmation.
      state.toWake.insert(consumer.connection)
      return .confirmed(
        PersistentSubscriptionConfirmation(
          lastCommitPosition: start.lastCommitPosition, subscriptionID: key.subscriptionID,
          lastEventNumber: start.lastEventNumber))
    }
  }

  /// A consumer leaves; false when there is none with this id.
  package func disconnect(_ consumer: ConsumerID) -> Bool {
    change { state in
      guard let key = state.connections[consumer.connection]?.consumers[consumer.correlationID] else { return false }
      state.connections[consumer.connection]?.end(consumer.correlationID)
      leave(consumer, key, in: &state)
      return true
    }
  }

  /// A consumer has processed events. What names another subscription is ignored, as by a real server.
  package func acknowledge(_ message: PersistentSubscriptionAckEvents, by consumer: ConsumerID) {
    change { state in
      guard let key = key(of: consumer, message.subscriptionID, in: state) else { return }
      let actions = state.groups[key]?.machine.acknowledged(message.eventIDs, by: consumer, now: now)
      perform(actions ?? [], of: key, in: &state)
      read(for: key, in: &state)
    }
  }

  /// A consumer could not process events.
  package func refuse(_ message: PersistentSubscriptionNakEvents, by consumer: ConsumerID) {
    let refusal: ConsumerGroupStateMachine.Refusal =
      switch message.action {
      case .unknown, .retry: .retry
      case .park: .park
      case .skip, .stop: .skip
      }
    let reason = "Client explicitly NAK'ed message.\n\(message.message ?? "")"
    change { state in
      guard let key = key(of: consumer, message.subscriptionID, in: state) else { return }
      let actions = state.groups[key]?.machine.refused(
        message.eventIDs, refusal, reason: reason, by: consumer, now: now)
      perform(actions ?? [], of: key, in: &state)
      read(for: key, in: &state)
    }
  }

  /// The next frames for a connection, after its groups have read what they need; and whether there are more.
  package func takeFrames(
    _ connection: Int, maximumCount: Int, _ adapt: (ResolvedEvent) -> ResolvedEvent
  ) -> (frames: [Frame], hasMore: Bool) {
    change { state in
      guard let consumers = state.connections[connection]?.consumers else { return ([], false) }
      for key in Set(consumers.values) { read(for: key, in: &state) }
      let frames = state.connections[connection]?.take(maximumCount, adapt) ?? []
      state.toWake.remove(connection)
      return (frames, state.connections[connection]?.isEmpty == false)
    }
  }

  private func key(of consumer: ConsumerID, _ subscriptionID: String, in state: State) -> GroupKey? {
    let key = state.connections[consumer.connection]?.consumers[consumer.correlationID]
    return key?.subscriptionID == subscriptionID ? key : nil
  }

  private func leave(_ consumer: ConsumerID, _ key: GroupKey, in state: inout State) {
    let actions = state.groups[key]?.machine.consumerLeft(consumer, now: now) ?? []
    perform(actions, of: key, in: &state)
    read(for: key, in: &state)
  }
}
