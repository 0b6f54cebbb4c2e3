import EventStoreCore
import EventStoreServer
import Testing

@Suite("A demo in a log")
struct DemoLogTests {
  @Test("An empty log then has exactly as many events", arguments: [1, 100, 5000])
  func exactCount(count: Int) {
    let log = EventLog()
    #expect(log.fill(with: DemoEvents(count: count)) == count)
    #expect(log.eventCount == count)
  }

  @Test("The streams are as the demo left them: soft-deleted, hard-deleted, limited, linked to")
  func streams() throws {
    let log = EventLog()
    log.fill(with: DemoEvents(count: 5000))
    func page(_ stream: StreamName, resolveLinks: Bool = false) -> StreamPage? {
      let answer = log.readStream(
        stream, .forward, from: 0, maximumCount: 4096, resolveLinks: resolveLinks, by: .system)
      guard case .found(let page) = answer.outcome else { return nil }
      return page
    }
    #expect(page("customers-1")?.status == .deleted)
    let carts = (1...40).compactMap { page(StreamName("carts-\($0)")) }
    #expect(carts.contains { $0.status == .noStream && $0.lastEventNumber >= 0 })
    #expect(carts.contains { $0.status == .found })
    let readings = try #require(page("telemetry/warehouse 1"))
    #expect(readings.events.count <= 600)
    #expect(readings.events.count < Int(readings.lastEventNumber) + 1)
    let links = try #require(page("placed-orders", resolveLinks: true))
    #expect(links.events.allSatisfy { $0.event?.type == "OrderPlaced" && $0.link?.isLink == true })
    let customers = try #require(page("new-customers", resolveLinks: true))
    #expect(customers.events.first?.event == nil)
  }

  @Test("A demo in a log that has it already leaves out what its deleted streams refuse")
  func twice() {
    let log = EventLog()
    log.fill(with: DemoEvents(count: 200))
    let again = log.fill(with: DemoEvents(count: 200))
    #expect(again < 200)
    #expect(log.eventCount == 200 + again)
  }
}
