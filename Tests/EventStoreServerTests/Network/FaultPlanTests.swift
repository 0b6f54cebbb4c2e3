import Testing

@testable import EventStoreServer

@Suite("Planned faults")
struct FaultPlanTests {
  @Test("A fault hits the requests of its command, after those it skips, as often as planned")
  func counting() {
    var plan = FaultPlan()
    plan.plan(Fault(.cutAfter, on: 0x82, skipping: 1, times: 2))
    #expect(plan.isPending)
    #expect(plan.requestReceived(command: 0x82) == nil)
    #expect(plan.requestReceived(command: 0xB6) == nil)
    #expect(plan.requestReceived(command: 0x82) == .cutAfter)
    #expect(plan.isPending)
    #expect(plan.requestReceived(command: 0x82) == .cutAfter)
    #expect(plan.requestReceived(command: 0x82) == nil)
    #expect(!plan.isPending)
    #expect(plan.hits == 2)
  }

  @Test("Refused connections are counted apart from requests")
  func refusing() {
    var plan = FaultPlan()
    plan.plan(Fault(.refuseConnection, skipping: 1))
    #expect(plan.requestReceived(command: 0x82) == nil)
    #expect(plan.connectionOpened() == false)
    #expect(plan.connectionOpened() == true)
    #expect(plan.connectionOpened() == false)
    #expect(plan.hits == 1)
  }

  @Test("Requests over HTTP that are ignored are counted apart from the others")
  func ignoring() {
    var plan = FaultPlan()
    plan.plan(Fault(.ignoreHTTP, skipping: 1))
    #expect(plan.requestReceived(command: 0x82) == nil)
    #expect(plan.connectionOpened() == false)
    #expect(plan.httpRequestReceived() == false)
    #expect(plan.httpRequestReceived() == true)
    #expect(plan.httpRequestReceived() == false)
    #expect(plan.hits == 1)
  }

  @Test("Two faults for one command happen one after the other")
  func order() {
    var plan = FaultPlan()
    plan.plan(Fault(.dropAnswer))
    plan.plan(Fault(.delayAnswer(.seconds(1)), on: 0x82))
    #expect(plan.requestReceived(command: 0x82) == .dropAnswer)
    #expect(plan.requestReceived(command: 0x82) == .delayAnswer(.seconds(1)))
    #expect(plan.requestReceived(command: 0x82) == nil)
  }

  @Test("A change of the node is made by the request that it is planned for, which meets it already")
  func changingTheNode() {
    let availability = SharedAvailability()
    let faults = FaultInjector(availability)
    faults.plan(Fault(.changeNode(.notReady), skipping: 1))
    _ = faults.requestReceived(command: 0xB6)
    #expect(availability.value == .ready && faults.isPending)
    _ = faults.requestReceived(command: 0xB6)
    #expect(availability.value == .notReady && !faults.isPending && faults.hits == 1)
    availability.value = .ready
    _ = faults.requestReceived(command: 0xB6)
    #expect(availability.value == .ready)
  }
}
