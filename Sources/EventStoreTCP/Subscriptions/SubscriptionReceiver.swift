import EventStoreCore
import EventStoreWire
import NIOCore

/// Where the connection puts what a subscription gets.
protocol SubscriptionReceiver: Sendable {
  /// The server confirmed the subscription, for the first time or again.
  func confirmed(_ frame: Frame) throws
  /// The server sent an event; its message.
  func eventArrived(_ payload: ByteBuffer)
  /// The connection was lost.
  func connectionLost()
  /// Nothing more will come; without an error when the consumer wished it.
  func ended(_ error: EventStoreError?)
  /// What has waited long enough to be acknowledged.
  func acknowledgementDue() -> PersistentSubscriptionAckEvents?
}

/// What an inbox holds for its consumer.
protocol InboxBuffer: Sendable {
  associatedtype Delivery: Hashable, Sendable
  /// What the consumer gets while there is nothing for it.
  static var nothing: Delivery { get }

  mutating func confirmed(_ frame: Frame) throws
  mutating func eventArrived(_ payload: ByteBuffer)
  mutating func connectionLost()
  mutating func ended(_ error: EventStoreError?)
  mutating func acknowledgementDue() -> PersistentSubscriptionAckEvents?
  mutating func taken() -> Delivery
}

extension SubscriptionBuffer: InboxBuffer {
  static var nothing: Delivery { .nothing }

  mutating func confirmed(_ frame: Frame) throws {
    let confirmation = try SubscriptionConfirmation(frame)
    confirmed(
      SubscriptionStart(
        lastCommitPosition: confirmation.lastCommitPosition, lastEventNumber: confirmation.lastEventNumber))
  }

  func acknowledgementDue() -> PersistentSubscriptionAckEvents? { nil }
}
