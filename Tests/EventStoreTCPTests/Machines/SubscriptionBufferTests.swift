import EventStoreCore
import EventStoreTCP
import NIOCore
import Testing

@Suite struct SubscriptionBufferTests {
  private let start = SubscriptionStart(lastCommitPosition: 7, lastEventNumber: 3)

  private func event(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

  private func buffer(events: Int = 3, bytes: Int = 100) -> SubscriptionBuffer {
    var buffer = SubscriptionBuffer(maximumEvents: events, maximumBytes: bytes)
    buffer.confirmed(start)
    expect(buffer.taken(), is: .confirmed(start))
    return buffer
  }

  @Test("Events come in order, those that wait together")
  func order() {
    var buffer = buffer()
    expect(buffer.taken(), is: .nothing)
    buffer.eventArrived(event("a"))
    buffer.eventArrived(event("b"))
    expect(buffer.taken(), is: .events([event("a"), event("b")]))
    buffer.eventArrived(event("c"))
    expect(buffer.taken(), is: .events([event("c")]))
    expect(buffer.taken(), is: .nothing)
  }

  @Test("What a full buffer cannot hold is a gap, once, and delivery goes on when the gap was taken")
  func tooSlow() {
    var buffer = buffer(events: 2)
    for text in ["a", "b", "c", "d"] { buffer.eventArrived(event(text)) }
    expect(buffer.taken(), is: .events([event("a"), event("b")]))
    buffer.eventArrived(event("e"))
    expect(buffer.taken(), is: .gap(.consumerTooSlow))
    buffer.eventArrived(event("f"))
    expect(buffer.taken(), is: .events([event("f")]))
    expect(buffer.taken(), is: .nothing)
  }

  @Test("Bytes are bounded too, but one event always fits")
  func bytes() {
    var buffer = buffer(events: 100, bytes: 4)
    buffer.eventArrived(event("larger than all"))
    buffer.eventArrived(event("x"))
    expect(buffer.taken(), is: .events([event("larger than all")]))
    expect(buffer.taken(), is: .gap(.consumerTooSlow))
    buffer.eventArrived(event("ab"))
    buffer.eventArrived(event("cd"))
    expect(buffer.taken(), is: .events([event("ab"), event("cd")]))
  }

  @Test("Row 23: a lost connection is a gap between what came before and the next confirmation")
  func connectionLost() {
    var buffer = buffer()
    buffer.eventArrived(event("a"))
    buffer.connectionLost()
    buffer.confirmed(start)
    buffer.eventArrived(event("b"))
    expect(buffer.taken(), is: .events([event("a")]))
    expect(buffer.taken(), is: .gap(.connectionLost))
    expect(buffer.taken(), is: .confirmed(start))
    expect(buffer.taken(), is: .events([event("b")]))
  }

  @Test("However often the connection is lost, a consumer that takes nothing holds one gap")
  func manyLosses() {
    var buffer = buffer(events: 1)
    for _ in 0..<10_000 {
      buffer.eventArrived(event("a"))
      buffer.eventArrived(event("b"))
      buffer.connectionLost()
      buffer.confirmed(start)
    }
    expect(buffer.taken(), is: .events([event("a")]))
    expect(buffer.taken(), is: .gap(.connectionLost))
    expect(buffer.taken(), is: .confirmed(start))
    expect(buffer.taken(), is: .nothing)
  }

  @Test("A consumer that has been told nothing yet misses nothing by a lost connection")
  func beforeTheFirstSignal() {
    var buffer = SubscriptionBuffer(maximumEvents: 3, maximumBytes: 100)
    buffer.confirmed(start)
    buffer.connectionLost()
    buffer.confirmed(start)
    expect(buffer.taken(), is: .confirmed(start))
    expect(buffer.taken(), is: .nothing)
  }

  @Test("After an error what was held is delivered, then the error, again and again")
  func failed() {
    let error = EventStoreError(.subscriptionDropped, "dropped")
    var buffer = buffer()
    buffer.eventArrived(event("a"))
    buffer.ended(error)
    buffer.eventArrived(event("b"))
    expect(buffer.taken(), is: .events([event("a")]))
    expect(buffer.taken(), is: .end(error))
    buffer.ended(nil)
    expect(buffer.taken(), is: .end(error))
  }

  @Test("A consumer that ends it gets nothing more")
  func closed() {
    var buffer = buffer()
    buffer.eventArrived(event("a"))
    buffer.ended(nil)
    expect(buffer.taken(), is: .end(nil))
  }
}
