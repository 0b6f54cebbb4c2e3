/// Every message there is: what reads any frame, as tests and fuzzing do, needs them all.
package enum MessageCatalog {
  /// The types, by what they are about.
  package static let types: [any WireMessage.Type] = [
    HeartbeatRequest.self, HeartbeatResponse.self, Ping.self, Pong.self, IdentifyClient.self, ClientIdentified.self,
    Authenticate.self, Authenticated.self, NotAuthenticated.self, BadRequest.self, NotHandled.self,
    ScavengeDatabase.self, ScavengeDatabaseCompleted.self,
    WriteEvents.self, WriteEventsCompleted.self, DeleteStream.self, DeleteStreamCompleted.self,
    TransactionStart.self, TransactionStartCompleted.self, TransactionWrite.self, TransactionWriteCompleted.self,
    TransactionCommit.self, TransactionCommitCompleted.self,
    ReadEvent.self, ReadEventCompleted.self, ReadStreamEvents.self, ReadStreamEventsCompleted.self,
    ReadAllEvents.self, ReadAllEventsCompleted.self,
    FilteredReadAllEvents.self, FilteredReadAllEventsCompleted.self,
    SubscribeToStream.self, FilteredSubscribeToStream.self, SubscriptionConfirmation.self, StreamEventAppeared.self,
    UnsubscribeFromStream.self, SubscriptionDropped.self, CheckpointReached.self,
    CreatePersistentSubscription.self, CreatePersistentSubscriptionCompleted.self,
    UpdatePersistentSubscription.self, UpdatePersistentSubscriptionCompleted.self,
    DeletePersistentSubscription.self, DeletePersistentSubscriptionCompleted.self,
    ConnectToPersistentSubscription.self, PersistentSubscriptionConfirmation.self,
    PersistentSubscriptionStreamEventAppeared.self, PersistentSubscriptionAckEvents.self,
    PersistentSubscriptionNakEvents.self,
  ]

  /// The type that each command carries; commands without one carry nothing.
  package static let byCommand: [Command: any WireMessage.Type] = Dictionary(
    uniqueKeysWithValues: types.flatMap { type in type.commands.map { ($0, type) } })

  /// The message in the frame; nil when its command carries none.
  package static func message(in frame: Frame) throws(WireError) -> (any WireMessage)? {
    guard let type = byCommand[frame.command] else { return nil }
    return try type.init(frame)
  }
}
