import EventStoreCore
import EventStoreWire

/// Why a request is not carried out.
enum RequestFailure: Error {
  /// The server does not understand it, or it makes no sense.
  case badRequest
  /// The node cannot do it now.
  case notHandled(NotHandled)
}

/// A request of somebody who may ask: carried out on the log, and answered.
struct SessionRequest {
  let frame: Frame
  /// Who asks; nil for an anonymous client.
  let asker: Principal?
  let log: EventLog
  let groups: PersistentSubscriptions
  /// The connection, as the groups know it.
  let connection: Int
  let availability: NodeAvailability
  /// Whether the client wants numbers of tombstones with 31 bits.
  let isLegacy: Bool
  /// Whether requests with filters are understood, as from 20.6 on.
  let knowsFilters: Bool

  /// The largest event, as `ProposedEvent.weightInBytes` counts.
  static let maximumEventBytes = 16_767_216

  /// Carries the request out; the answers, none where a real server gives none.
  func answer(_ subscriptions: inout SubscriptionSet) throws(RequestFailure) -> [SessionAction] {
    if frame.command == .ping { return send(Pong(payload: frame.payload)) }
    // Nothing but a ping can do without a correlation id.
    guard frame.correlationID != .zero else { throw .badRequest }
    switch frame.command {
    case .writeEvents: return send(try writeEvents(read(WriteEvents.self)))
    case .deleteStream: return send(try deleteStream(read(DeleteStream.self)))
    case .transactionStart: return send(try startTransaction(read(TransactionStart.self)))
    case .transactionWrite: return send(try writeTransaction(read(TransactionWrite.self)))
    case .transactionCommit: return send(try commitTransaction(read(TransactionCommit.self)))
    case .readEvent: return send(try readEvent(read(ReadEvent.self)))
    case .readStreamEventsForward, .readStreamEventsBackward:
      return send(try readStream(read(ReadStreamEvents.self)))
    case .readAllEventsForward, .readAllEventsBackward: return send(try readAll(read(ReadAllEvents.self)))
    case .filteredReadAllEventsForward where knowsFilters, .filteredReadAllEventsBackward where knowsFilters:
      return send(try readAllFiltered(read(FilteredReadAllEvents.self)))
    case .subscribeToStream: return try subscribe(read(SubscribeToStream.self), &subscriptions)
    case .filteredSubscribeToStream where knowsFilters:
      return try subscribeFiltered(read(FilteredSubscribeToStream.self), &subscriptions)
    case .unsubscribeFromStream:
      return unsubscribe(&subscriptions)
    case .scavengeDatabase: return send(scavenge())
    case .writeEventsCompleted, .deleteStreamCompleted, .transactionStartCompleted, .transactionWriteCompleted,
      .transactionCommitCompleted:
      // A follower's answers to what was forwarded: nobody here waits for them.
      return []
    case .createPersistentSubscription: return send(try createGroup(read(CreatePersistentSubscription.self)))
    case .updatePersistentSubscription: return send(try updateGroup(read(UpdatePersistentSubscription.self)))
    case .deletePersistentSubscription: return send(try deleteGroup(read(DeletePersistentSubscription.self)))
    case .connectToPersistentSubscription: return try connect(read(ConnectToPersistentSubscription.self))
    case .persistentSubscriptionAckEvents:
      groups.acknowledge(try read(PersistentSubscriptionAckEvents.self), by: consumer)
      return []
    case .persistentSubscriptionNakEvents:
      groups.refuse(try read(PersistentSubscriptionNakEvents.self), by: consumer)
      return []
    default: throw .badRequest
    }
  }

  /// A node's need of a leader, or none.
  func need(_ need: NodeAvailability.Need) throws(RequestFailure) {
    if let refusal = availability.refusal(need) { throw .notHandled(refusal) }
  }

  /// The number that a request means: clients with 31 bits have their own number for tombstones.
  func upgraded(_ number: EventNumber) -> EventNumber {
    isLegacy && number == EventNumber.legacyDeleted ? .deleted : number
  }

  /// The number that an answer gives.
  func downgraded(_ number: EventNumber) -> EventNumber {
    isLegacy ? number.asLegacy : number
  }

  func downgraded(_ event: ResolvedEvent) -> ResolvedEvent {
    isLegacy ? event.withLegacyNumbers : event
  }

  private func read<Message: WireMessage>(_ type: Message.Type) throws(RequestFailure) -> Message {
    do { return try Message(frame) } catch { throw .badRequest }
  }

  func send(_ message: some WireMessage) -> [SessionAction] {
    [.send(message.frame(correlationID: frame.correlationID))]
  }

  /// - Parameter condition: which events are wanted; nil for all.
  func subscribe(
    _ message: SubscribeToStream, condition: EventCondition? = nil, _ subscriptions: inout SubscriptionSet
  ) throws(RequestFailure) -> [SessionAction] {
    try need(.anyNode)
    guard let start = log.subscribe(message.stream, by: asker) else {
      return send(SubscriptionDropped(reason: .accessDenied))
    }
    let subscription = SubscriptionSet.Subscription(
      correlationID: frame.correlationID, stream: message.stream, resolveLinks: message.resolveLinks,
      condition: condition, place: start.place)
    guard subscriptions.add(subscription) else { throw .notHandled(NotHandled(reason: .tooBusy)) }
    return send(
      SubscriptionConfirmation(
        lastCommitPosition: start.lastCommitPosition, lastEventNumber: start.lastEventNumber.map(downgraded)))
  }

  private func unsubscribe(_ subscriptions: inout SubscriptionSet) -> [SessionAction] {
    let wasSubscribed = subscriptions.remove(frame.correlationID)
    let wasConsumer = groups.disconnect(consumer)
    return wasSubscribed || wasConsumer ? send(SubscriptionDropped(reason: .unsubscribed)) : []
  }

  /// A log in memory has nothing to give back: a scavenge ends at once.
  private func scavenge() -> ScavengeDatabaseCompleted {
    let isAllowed = asker?.isAdministrator == true || asker?.groups.contains(Principal.operatorsGroup) == true
    return ScavengeDatabaseCompleted(
      result: isAllowed ? .success : .failed, detail: isAllowed ? nil : "Access denied.", totalMilliseconds: 0,
      spaceSaved: 0)
  }
}
