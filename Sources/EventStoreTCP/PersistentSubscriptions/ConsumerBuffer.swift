import EventStoreCore
import EventStoreWire
import NIOCore

/// The machine of a consumer, as an inbox holds it: reads the messages.
struct ConsumerBuffer: InboxBuffer {
  typealias Delivery = ConsumerStateMachine.Delivery

  static var nothing: Delivery { .nothing }

  var machine: ConsumerStateMachine

  mutating func confirmed(_ frame: Frame) throws {
    machine.confirmed(subscriptionID: try PersistentSubscriptionConfirmation(frame).subscriptionID)
  }

  mutating func eventArrived(_ payload: ByteBuffer) {
    do {
      let message = try PersistentSubscriptionStreamEventAppeared(decoding: payload)
      machine.arrived(DeliveredEvent(event: message.event, retryCount: Int(message.retryCount)))
    } catch {
      machine.ended(.protocolViolation("an event of a subscription cannot be read", error))
    }
  }

  mutating func connectionLost() { machine.connectionLost() }

  mutating func ended(_ error: EventStoreError?) { machine.ended(error) }

  mutating func acknowledgementDue() -> PersistentSubscriptionAckEvents? {
    machine.acknowledgementDue().map {
      PersistentSubscriptionAckEvents(subscriptionID: $0.subscriptionID, eventIDs: $0.ids)
    }
  }

  mutating func taken() -> Delivery { machine.next() }
}
