/// An event that a persistent subscription gave to one of its consumers, and that waits for its acknowledgement.
public struct DeliveredEvent: Hashable, Sendable {
  /// The event; with a resolved link, which can be dead.
  public var event: ResolvedEvent
  /// How often it was given to a consumer before.
  public var retryCount: Int

  public init(event: ResolvedEvent, retryCount: Int) {
    self.event = event
    self.retryCount = retryCount
  }

  /// What acknowledgements name: the id of what stands in the subscribed stream, the link's where there is one.
  package var id: EventID? { event.received?.id }
}

/// What is to become of an event that a consumer could not process.
public enum RefusalAction: String, Hashable, Sendable, CaseIterable {
  /// It is given to a consumer again, at once; after too many times it is parked.
  case retry
  /// It is put aside, into the subscription's parked stream.
  case park
  /// It is forgotten.
  case skip
  /// The server's own idea of stopping: EventStore 4.1.4 forgets the event, and goes on with the next.
  case stop
}
