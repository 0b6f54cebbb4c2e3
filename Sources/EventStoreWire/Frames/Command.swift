/// What a frame is for: its first byte after the length.
///
/// A byte without a name here is kept as it is.
package struct Command: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  private init(_ rawValue: UInt8) {
    self.rawValue = rawValue
  }
}

extension Command {
  package static let heartbeatRequest = Command(0x01)
  package static let heartbeatResponse = Command(0x02)
  package static let ping = Command(0x03)
  package static let pong = Command(0x04)

  package static let writeEvents = Command(0x82)
  package static let writeEventsCompleted = Command(0x83)
  package static let transactionStart = Command(0x84)
  package static let transactionStartCompleted = Command(0x85)
  package static let transactionWrite = Command(0x86)
  package static let transactionWriteCompleted = Command(0x87)
  package static let transactionCommit = Command(0x88)
  package static let transactionCommitCompleted = Command(0x89)
  package static let deleteStream = Command(0x8A)
  package static let deleteStreamCompleted = Command(0x8B)

  package static let readEvent = Command(0xB0)
  package static let readEventCompleted = Command(0xB1)
  package static let readStreamEventsForward = Command(0xB2)
  package static let readStreamEventsForwardCompleted = Command(0xB3)
  package static let readStreamEventsBackward = Command(0xB4)
  package static let readStreamEventsBackwardCompleted = Command(0xB5)
  package static let readAllEventsForward = Command(0xB6)
  package static let readAllEventsForwardCompleted = Command(0xB7)
  package static let readAllEventsBackward = Command(0xB8)
  package static let readAllEventsBackwardCompleted = Command(0xB9)
  package static let filteredReadAllEventsForward = Command(0xBA)
  package static let filteredReadAllEventsForwardCompleted = Command(0xBB)
  package static let filteredReadAllEventsBackward = Command(0xBC)
  package static let filteredReadAllEventsBackwardCompleted = Command(0xBE)

  package static let subscribeToStream = Command(0xC0)
  package static let subscriptionConfirmation = Command(0xC1)
  package static let streamEventAppeared = Command(0xC2)
  package static let unsubscribeFromStream = Command(0xC3)
  package static let subscriptionDropped = Command(0xC4)
  package static let connectToPersistentSubscription = Command(0xC5)
  package static let persistentSubscriptionConfirmation = Command(0xC6)
  package static let persistentSubscriptionStreamEventAppeared = Command(0xC7)
  package static let createPersistentSubscription = Command(0xC8)
  package static let createPersistentSubscriptionCompleted = Command(0xC9)
  package static let deletePersistentSubscription = Command(0xCA)
  package static let deletePersistentSubscriptionCompleted = Command(0xCB)
  package static let persistentSubscriptionAckEvents = Command(0xCC)
  package static let persistentSubscriptionNakEvents = Command(0xCD)
  package static let updatePersistentSubscription = Command(0xCE)
  package static let updatePersistentSubscriptionCompleted = Command(0xCF)

  package static let scavengeDatabase = Command(0xD0)
  package static let scavengeDatabaseCompleted = Command(0xD1)
  package static let filteredSubscribeToStream = Command(0xD2)
  package static let checkpointReached = Command(0xD3)

  package static let badRequest = Command(0xF0)
  package static let notHandled = Command(0xF1)
  package static let authenticate = Command(0xF2)
  package static let authenticated = Command(0xF3)
  package static let notAuthenticated = Command(0xF4)
  package static let identifyClient = Command(0xF5)
  package static let clientIdentified = Command(0xF6)
}

extension Command: CustomStringConvertible {
  /// The name that the protocol gives the command, such as `WriteEvents`; the number where it has none.
  package var description: String { name ?? "\(rawValue)" }

  /// The name that the protocol gives the command, such as `WriteEvents`; nil where it has none.
  package var name: String? { Self.names[self] }

  private static let names: [Command: String] = [
    .heartbeatRequest: "HeartbeatRequest",
    .heartbeatResponse: "HeartbeatResponse",
    .ping: "Ping",
    .pong: "Pong",
    // Nodes use this one among themselves; a server knows its name when it refuses it.
    Command(0x05): "PrepareAck",
    .writeEvents: "WriteEvents",
    .writeEventsCompleted: "WriteEventsCompleted",
    .transactionStart: "TransactionStart",
    .transactionStartCompleted: "TransactionStartCompleted",
    .transactionWrite: "TransactionWrite",
    .transactionWriteCompleted: "TransactionWriteCompleted",
    .transactionCommit: "TransactionCommit",
    .transactionCommitCompleted: "TransactionCommitCompleted",
    .deleteStream: "DeleteStream",
    .deleteStreamCompleted: "DeleteStreamCompleted",
    .readEvent: "ReadEvent",
    .readEventCompleted: "ReadEventCompleted",
    .readStreamEventsForward: "ReadStreamEventsForward",
    .readStreamEventsForwardCompleted: "ReadStreamEventsForwardCompleted",
    .readStreamEventsBackward: "ReadStreamEventsBackward",
    .readStreamEventsBackwardCompleted: "ReadStreamEventsBackwardCompleted",
    .readAllEventsForward: "ReadAllEventsForward",
    .readAllEventsForwardCompleted: "ReadAllEventsForwardCompleted",
    .readAllEventsBackward: "ReadAllEventsBackward",
    .readAllEventsBackwardCompleted: "ReadAllEventsBackwardCompleted",
    .filteredReadAllEventsForward: "FilteredReadAllEventsForward",
    .filteredReadAllEventsForwardCompleted: "FilteredReadAllEventsForwardCompleted",
    .filteredReadAllEventsBackward: "FilteredReadAllEventsBackward",
    .filteredReadAllEventsBackwardCompleted: "FilteredReadAllEventsBackwardCompleted",
    .subscribeToStream: "SubscribeToStream",
    .subscriptionConfirmation: "SubscriptionConfirmation",
    .streamEventAppeared: "StreamEventAppeared",
    .unsubscribeFromStream: "UnsubscribeFromStream",
    .subscriptionDropped: "SubscriptionDropped",
    .connectToPersistentSubscription: "ConnectToPersistentSubscription",
    .persistentSubscriptionConfirmation: "PersistentSubscriptionConfirmation",
    .persistentSubscriptionStreamEventAppeared: "PersistentSubscriptionStreamEventAppeared",
    .createPersistentSubscription: "CreatePersistentSubscription",
    .createPersistentSubscriptionCompleted: "CreatePersistentSubscriptionCompleted",
    .deletePersistentSubscription: "DeletePersistentSubscription",
    .deletePersistentSubscriptionCompleted: "DeletePersistentSubscriptionCompleted",
    .persistentSubscriptionAckEvents: "PersistentSubscriptionAckEvents",
    .persistentSubscriptionNakEvents: "PersistentSubscriptionNakEvents",
    .updatePersistentSubscription: "UpdatePersistentSubscription",
    .updatePersistentSubscriptionCompleted: "UpdatePersistentSubscriptionCompleted",
    .scavengeDatabase: "ScavengeDatabase",
    .scavengeDatabaseCompleted: "ScavengeDatabaseCompleted",
    .filteredSubscribeToStream: "FilteredSubscribeToStream",
    .checkpointReached: "CheckpointReached",
    .badRequest: "BadRequest",
    .notHandled: "NotHandled",
    .authenticate: "Authenticate",
    .authenticated: "Authenticated",
    .notAuthenticated: "NotAuthenticated",
    .identifyClient: "IdentifyClient",
    .clientIdentified: "ClientIdentified",
  ]
}
