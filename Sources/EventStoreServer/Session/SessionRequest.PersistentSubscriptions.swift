import EventStoreWire

/// Requests about persistent subscriptions: only a leader carries them out.
extension SessionRequest {
  /// Who asks, as a consumer.
  var consumer: ConsumerID { ConsumerID(connection: connection, correlationID: frame.correlationID) }

  func createGroup(
    _ message: CreatePersistentSubscription
  ) throws(RequestFailure) -> CreatePersistentSubscriptionCompleted {
    try need(.leader)
    return groups.create(message, by: asker)
  }

  func updateGroup(
    _ message: UpdatePersistentSubscription
  ) throws(RequestFailure) -> UpdatePersistentSubscriptionCompleted {
    try need(.leader)
    return groups.update(message, by: asker)
  }

  func deleteGroup(
    _ message: DeletePersistentSubscription
  ) throws(RequestFailure) -> DeletePersistentSubscriptionCompleted {
    try need(.leader)
    return groups.delete(message, by: asker)
  }

  func connect(_ message: ConnectToPersistentSubscription) throws(RequestFailure) -> [SessionAction] {
    try need(.leader)
    switch groups.connect(message, as: consumer, by: asker) {
    case .confirmed(var confirmation):
      confirmation.lastEventNumber = confirmation.lastEventNumber.map(downgraded)
      return send(confirmation)
    case .dropped(let reason): return send(SubscriptionDropped(reason: reason))
    case .tooMany: throw .notHandled(NotHandled(reason: .tooBusy))
    }
  }
}
