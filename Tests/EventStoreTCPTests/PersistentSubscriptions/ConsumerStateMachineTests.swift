import EventStoreCore
import EventStoreTCP
import Testing

@Suite("A consumer's machine") struct ConsumerStateMachineTests {
  private typealias Acknowledgement = ConsumerStateMachine.Acknowledgement

  private func event(_ number: Int, retryCount: Int = 0) -> DeliveredEvent {
    let event = RecordedEvent(
      stream: "s", number: EventNumber(number), id: id(UInt64(number)), type: "t", isJSON: false, data: "",
      created: Timestamp(ticks: 0))
    return DeliveredEvent(event: ResolvedEvent(event: event), retryCount: retryCount)
  }

  private func ids(_ numbers: [Int]) -> [EventID] { numbers.map { id(UInt64($0)) } }

  /// A consumer that is confirmed and to which these events came.
  private func consumer(allowing count: Int, _ numbers: [Int] = []) -> ConsumerStateMachine {
    var consumer = ConsumerStateMachine(allowedInFlight: count)
    consumer.confirmed(subscriptionID: "s::g")
    for number in numbers { consumer.arrived(event(number)) }
    return consumer
  }

  private func acks(_ numbers: [Int]) -> Acknowledgement {
    Acknowledgement(subscriptionID: "s::g", ids: ids(numbers))
  }

  @Test("Events are taken one by one, in the order in which they came")
  func order() {
    var consumer = consumer(allowing: 9, [0, 1])
    expect(consumer.next(), is: .event(event(0)))
    expect(consumer.next(), is: .event(event(1)))
    expect(consumer.next(), is: .nothing)
    consumer.arrived(event(2))
    expect(consumer.next(), is: .event(event(2)))
  }

  @Test("Acknowledgements wait for each other while something is held, and for half of what may be in flight at most")
  func batches() throws {
    var consumer = consumer(allowing: 8, Array(0..<7))
    for number in 0..<6 { expect(consumer.next(), is: .event(event(number))) }
    for number in 0..<3 { expect(try consumer.acknowledged(ids([number])), is: nil) }
    expect(try consumer.acknowledged(ids([3])), is: acks([0, 1, 2, 3]))
    expect(try consumer.acknowledged(ids([4])), is: nil)
    expect(consumer.acknowledgementDue(), is: acks([4]))
    expect(consumer.acknowledgementDue(), is: nil)
    expect(consumer.next(), is: .event(event(6)))
    expect(try consumer.acknowledged(ids([5])), is: nil)
    expect(try consumer.acknowledged(ids([6])), is: acks([5, 6]))
  }

  @Test("What is not held is neither acknowledged nor refused, and nothing is twice")
  func strangers() throws {
    var consumer = consumer(allowing: 9, [0, 1])
    _ = consumer.next()
    expect(try consumer.refused(ids([7])), is: nil)
    expect(try consumer.refused(ids([0, 0])), is: acks([0]))
    expect(try consumer.refused(ids([0])), is: nil)
    _ = consumer.next()
    expect(try consumer.acknowledged(ids([7])), is: nil)
    expect(try consumer.acknowledged(ids([1, 1])), is: acks([1]))
  }

  @Test("The link's id is what is acknowledged, of a dead link too")
  func links() throws {
    var consumer = consumer(allowing: 9)
    let link = event(5).event.event
    consumer.arrived(DeliveredEvent(event: ResolvedEvent(event: event(1).event.event, link: link), retryCount: 0))
    guard case .event(let delivered) = consumer.next() else {
      Issue.record("no event")
      return
    }
    #expect(delivered.id == id(5))
    expect(try consumer.acknowledged(ids([5])), is: acks([5]))
    consumer.arrived(DeliveredEvent(event: ResolvedEvent(event: nil, link: link), retryCount: 0))
    guard case .event(let dead) = consumer.next() else {
      Issue.record("no event")
      return
    }
    #expect(dead.id == id(5))
  }

  @Test("A lost connection takes back what is held; acknowledgements of it are left out until it comes again")
  func connectionLost() throws {
    var consumer = consumer(allowing: 9, [0, 1, 2])
    _ = consumer.next()
    expect(try consumer.acknowledged(ids([0])), is: nil)
    _ = consumer.next()
    consumer.connectionLost()
    #expect(consumer.heldCount == 0)
    expect(consumer.next(), is: .nothing)
    expect(consumer.acknowledgementDue(), is: nil)
    expect(try consumer.acknowledged(ids([1])), is: nil)
    consumer.arrived(event(9))
    #expect(consumer.heldCount == 0, "nothing belongs here before the confirmation")
    consumer.confirmed(subscriptionID: "s::g")
    consumer.arrived(event(1, retryCount: 1))
    expect(consumer.next(), is: .event(event(1, retryCount: 1)))
    expect(try consumer.acknowledged(ids([1])), is: acks([1]))
  }

  @Test("An event that comes again before it was taken replaces the first; after that it is taken again")
  func again() throws {
    var consumer = consumer(allowing: 9, [0, 1])
    consumer.arrived(event(0, retryCount: 1))
    expect(consumer.next(), is: .event(event(0, retryCount: 1)))
    consumer.arrived(event(0, retryCount: 2))
    expect(consumer.next(), is: .event(event(1)))
    expect(consumer.next(), is: .event(event(0, retryCount: 2)))
    expect(consumer.next(), is: .nothing)
  }

  @Test("Who acknowledges an event while it waits to be taken again does not get it again")
  func lateAcknowledgement() throws {
    var consumer = consumer(allowing: 9, [0])
    _ = consumer.next()
    consumer.arrived(event(0, retryCount: 1))
    expect(try consumer.acknowledged(ids([0])), is: acks([0]))
    expect(consumer.next(), is: .nothing)
  }

  @Test(
    "However much the server sends to a consumer that takes nothing, or acknowledges nothing, what is held is bounded")
  func bounded() throws {
    var sleeper = consumer(allowing: 5)
    for number in 0..<1000 { sleeper.arrived(event(number)) }
    #expect(sleeper.heldCount == 5)
    expect(sleeper.next(), is: .event(event(995)))
    var hoarder = consumer(allowing: 5)
    for number in 0..<1000 {
      hoarder.arrived(event(number))
      expect(hoarder.next(), is: .event(event(number)))
    }
    #expect(hoarder.heldCount == 5)
    expect(try hoarder.acknowledged(ids([0, 994, 995, 996])), is: acks([995, 996]))
  }

  @Test("When the subscription has ended, nothing is given and nothing taken, and both say why")
  func ended() {
    let error = EventStoreError(.subscriptionDropped, "dropped")
    var dropped = consumer(allowing: 9, [0])
    dropped.ended(error)
    dropped.ended(nil)
    dropped.arrived(event(1))
    dropped.confirmed(subscriptionID: "s::g")
    dropped.connectionLost()
    expect(dropped.next(), is: .end(error))
    #expect(throws: error) { try dropped.acknowledged(ids([0])) }
    #expect(throws: error) { try dropped.refused(ids([0])) }
    var closed = consumer(allowing: 9, [0])
    closed.ended(nil)
    expect(closed.next(), is: .end(nil))
    #expect(throws: EventStoreError.self) { try closed.acknowledged(ids([0])) }
  }
}
