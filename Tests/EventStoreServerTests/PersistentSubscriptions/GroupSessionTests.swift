import EventStoreCore
import EventStoreServer
import EventStoreWire
import Testing

@Suite("Sessions with consumers") struct GroupSessionTests {
  private let log = EventLog()
  private let clock = Locked(Duration.zero)
  private let groups: PersistentSubscriptions

  init() {
    let clock = clock
    groups = PersistentSubscriptions(log: log, uptime: { clock.withLock { $0 } })
  }

  private static let administrator = Credentials(login: "admin", password: "changeit")

  private func makeSession(_ availability: NodeAvailability = .ready) -> ServerSession {
    var session = ServerSession(log: log, users: UserTable(), groups: groups, availability: { availability })
    _ = session.frameReceived(IdentifyClient(connectionName: nil).frame(correlationID: EventID()))
    return session
  }

  private func settings(
    _ change: (inout PersistentSubscriptionSettings) -> Void = { _ in }
  ) -> PersistentSubscriptionSettings {
    var settings = PersistentSubscriptionSettings(
      resolveLinks: false, startFrom: 0, messageTimeoutMilliseconds: 1000, recordsStatistics: false,
      liveBufferSize: 500, readBatchSize: 20, bufferSize: 500, maximumRetryCount: 10, prefersRoundRobin: false,
      checkpointAfterMilliseconds: 1000, maximumCheckpointCount: 1000, minimumCheckpointCount: 1,
      maximumSubscriberCount: 0, consumerStrategy: nil)
    change(&settings)
    return settings
  }

  private func ask(
    _ session: inout ServerSession, _ message: some WireMessage, id: EventID = EventID(),
    as credentials: Credentials? = administrator
  ) -> Frame? {
    let actions = session.frameReceived(message.frame(correlationID: id, credentials: credentials))
    guard case .send(let frame)? = actions.first, actions.count == 1 else { return nil }
    return frame
  }

  private func create(_ session: inout ServerSession, _ settings: PersistentSubscriptionSettings) throws {
    let frame = try #require(
      ask(&session, CreatePersistentSubscription(group: "g", stream: "s", settings: settings)))
    #expect(try CreatePersistentSubscriptionCompleted(frame).result == .success)
  }

  private func connect(_ session: inout ServerSession, allowing count: Int32, id: EventID) throws {
    let message = ConnectToPersistentSubscription(group: "g", stream: "s", allowedInFlightMessages: count)
    let frame = try #require(ask(&session, message, id: id))
    #expect(try PersistentSubscriptionConfirmation(frame).subscriptionID == "s::g")
  }

  private func write(_ count: Int) {
    for _ in 0..<count {
      _ = log.append([ProposedEvent(type: "t", isJSON: false, data: "")], to: "s", expected: .any, by: .system)
    }
  }

  /// What the session has for its client: numbers and retry counts.
  private func delivered(_ session: inout ServerSession) throws -> [[Int]] {
    var delivered: [[Int]] = []
    var hasMore = true
    while hasMore {
      let live = session.liveFrames(maximumCount: 3)
      #expect(live.frames.count <= 3)
      for frame in live.frames {
        let message = try PersistentSubscriptionStreamEventAppeared(frame)
        delivered.append([Int(message.event.received?.number ?? -1), Int(message.retryCount)])
      }
      hasMore = live.hasMore
    }
    return delivered
  }

  @Test("On a node that does not lead, nothing but acknowledgements is taken")
  func follower() throws {
    let address = LeaderInfo.Address(host: "h", port: 1)
    var session = makeSession(.follower(of: LeaderInfo(tcp: address, http: address)))
    let requests: [any WireMessage] = [
      CreatePersistentSubscription(group: "g", stream: "s", settings: settings()),
      UpdatePersistentSubscription(group: "g", stream: "s", settings: settings()),
      DeletePersistentSubscription(group: "g", stream: "s"),
      ConnectToPersistentSubscription(group: "g", stream: "s", allowedInFlightMessages: 1),
    ]
    for request in requests {
      let refusal = try #require(ask(&session, request))
      #expect(try NotHandled(refusal).reason == .notLeader, "\(request)")
    }
    #expect(ask(&session, PersistentSubscriptionAckEvents(subscriptionID: "s::g", eventIDs: [EventID()])) == nil)
    #expect(log.eventCount == 0)
  }

  @Test("Operators are no administrators: they may not manage groups")
  func operators() throws {
    var session = makeSession()
    let ops = Credentials(login: "ops", password: "changeit")
    let frame = try #require(
      ask(&session, CreatePersistentSubscription(group: "g", stream: "s", settings: settings()), as: ops))
    #expect(try CreatePersistentSubscriptionCompleted(frame).result == .accessDenied)
  }

  @Test("A consumer that unsubscribes gets nothing more, not even what was waiting for it")
  func unsubscribe() throws {
    var (leaving, staying) = (makeSession(), makeSession())
    let (first, second) = (EventID(), EventID())
    write(4)
    try create(&leaving, settings())
    try connect(&leaving, allowing: 2, id: first)
    // Reading what it needs fills its outbox; it does not take it.
    _ = leaving.liveFrames(maximumCount: 1)
    try connect(&staying, allowing: 9, id: second)
    #expect(ask(&leaving, UnsubscribeFromStream(), id: first)?.command == .subscriptionDropped)
    #expect(try delivered(&leaving).isEmpty)
    #expect(!leaving.hasSubscriptions)
    #expect(leaving.frameReceived(UnsubscribeFromStream().frame(correlationID: first)).isEmpty)
    #expect(try delivered(&staying).sorted { $0[0] < $1[0] } == [[0, 1], [1, 1], [2, 0], [3, 0]])
  }

  @Test("A connection that ends leaves what it had to the others, and wakes them")
  func closing() throws {
    var (leaving, staying) = (makeSession(), makeSession())
    write(2)
    try create(&leaving, settings())
    try connect(&leaving, allowing: 9, id: EventID())
    #expect(try delivered(&leaving) == [[0, 0], [1, 0]])
    let wakes = Locked(0)
    staying.observe { wakes.withLock { $0 += 1 } }
    try connect(&staying, allowing: 9, id: EventID())
    #expect(wakes.withLock { $0 } == 1, "there may be history to read")
    #expect(try delivered(&staying).isEmpty)
    leaving.closed()
    #expect(wakes.withLock { $0 } == 2)
    #expect(try delivered(&staying) == [[0, 1], [1, 1]])
  }

  @Test("Two consumers on one connection are told apart by their ids")
  func twoConsumers() throws {
    var session = makeSession()
    let (first, second) = (EventID(), EventID())
    write(2)
    try create(&session, settings { $0.prefersRoundRobin = true })
    try connect(&session, allowing: 1, id: first)
    try connect(&session, allowing: 1, id: second)
    let frames = session.liveFrames(maximumCount: 9).frames
    #expect(frames.map(\.correlationID) == [first, second])
    let other = try PersistentSubscriptionStreamEventAppeared(frames[1])
    let ack = PersistentSubscriptionAckEvents(
      subscriptionID: "s::g", eventIDs: [try #require(other.event.received?.id)])
    write(1)
    #expect(ask(&session, ack, id: first) == nil)
    #expect(try delivered(&session).isEmpty, "it is not the first one's event")
    #expect(ask(&session, ack, id: second) == nil)
    #expect(try delivered(&session) == [[2, 0]])
  }

  @Test("A group that was deleted and made again knows nothing of the first one")
  func madeAgain() throws {
    var session = makeSession()
    write(3)
    try create(&session, settings())
    let id = EventID()
    try connect(&session, allowing: 9, id: id)
    let frames = session.liveFrames(maximumCount: 9).frames
    let ids = try frames.map { try #require(PersistentSubscriptionStreamEventAppeared($0).event.received?.id) }
    #expect(ask(&session, PersistentSubscriptionAckEvents(subscriptionID: "s::g", eventIDs: ids), id: id) == nil)
    clock.withLock { $0 = .seconds(2) }
    groups.timePassed()
    let checkpoint: StreamName = "$persistentsubscription-s::g-checkpoint"
    let found = log.readEvent(checkpoint, number: .streamEnd, resolveLinks: false, by: .system)
    guard case .found(.found(let event)) = found else {
      Issue.record("no checkpoint was written")
      return
    }
    #expect(event.event?.data == "2")
    let deleted = try #require(ask(&session, DeletePersistentSubscription(group: "g", stream: "s")))
    #expect(try DeletePersistentSubscriptionCompleted(deleted).result == .success)
    #expect(session.liveFrames(maximumCount: 9).frames.map(\.command) == [.subscriptionDropped])
    #expect(!session.hasSubscriptions)
    try create(&session, settings())
    try connect(&session, allowing: 9, id: EventID())
    #expect(try delivered(&session) == [[0, 0], [1, 0], [2, 0]])
  }

  @Test("A consumer that takes no frames has no more waiting than it allows")
  func slowClient() throws {
    var session = makeSession()
    write(100)
    try create(&session, settings())
    try connect(&session, allowing: 5, id: EventID())
    #expect(session.liveFrames(maximumCount: 1).frames.count == 1)
    for _ in 0..<50 {
      clock.withLock { $0 += .milliseconds(10) }
      groups.timePassed()
      write(1)
    }
    #expect(try delivered(&session).map { $0[0] } == [1, 2, 3, 4])
  }
}
