import EventStoreCore
import EventStoreWire
import GoldenTraffic
import NIOCore
import Testing

@testable import EventStoreServer

@Suite("Persistent subscriptions over HTTP", .timeLimit(.minutes(1)))
struct SubscriptionsHTTPTests {
  private static let admin = "YWRtaW46Y2hhbmdlaXQ="
  private static let ops = "b3BzOmNoYW5nZWl0"
  private static let wrong = "YWRtaW46d3Jvbmc="

  /// A server with a group `g` on `s/1`, whose first three events a consumer has got: one is parked, one acknowledged.
  private struct World {
    let server: EmbeddedServer
    let http: RawHTTPClient
    let tcp: RawClient
    let id = EventID()

    func ask(_ method: String, _ target: String, as user: String? = admin) async throws -> RawHTTPClient.Answer {
      let authorization = user.map { "Authorization: Basic \($0)\r\n" } ?? ""
      try await http.send("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(authorization)Content-Length: 0\r\n\r\n")
      return try #require(await http.nextAnswer())
    }

    func json(_ target: String) async throws -> JSONValue {
      let answer = try await ask("GET", target)
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(target): \(answer.head)")
      return try JSONValue(parsing: answer.body.utf8)
    }

    func send(_ message: some WireMessage, id: EventID = EventID(), as credentials: Credentials? = nil) async throws {
      let frame = message.frame(correlationID: id, credentials: credentials)
      var bytes = ByteBuffer()
      try FrameEncoder(maximumFrameBytes: 1_000_000).encode(data: frame, out: &bytes)
      try await tcp.send(Array(bytes.readableBytesView))
    }

    func frame() async throws -> Frame {
      try Frame(body: ByteBuffer(bytes: try #require(await tcp.nextFrame())[4...]))
    }

    /// The next event that the consumer gets.
    func event() async throws -> ResolvedEvent {
      try PersistentSubscriptionStreamEventAppeared(try await frame()).event
    }

    func acknowledge(_ event: ResolvedEvent) async throws {
      let ids = [try #require(event.received?.id)]
      try await send(PersistentSubscriptionAckEvents(subscriptionID: "s/1::g", eventIDs: ids), id: id)
    }

    func park(_ event: ResolvedEvent) async throws {
      let ids = [try #require(event.received?.id)]
      let message = PersistentSubscriptionNakEvents(
        subscriptionID: "s/1::g", eventIDs: ids, message: "later", action: .park)
      try await send(message, id: id)
    }
  }

  private func withWorld(_ body: (World) async throws -> Void) async throws {
    var configuration = ServerConfiguration.freePorts
    configuration.groupInterval = .milliseconds(20)
    configuration.heartbeatInterval = .seconds(60)
    let server = try await EmbeddedServer.start(configuration)
    do {
      let world = World(
        server: server, http: try await RawHTTPClient(port: server.httpPort),
        tcp: try await RawClient(port: server.tcpPort))
      for data in ["0", "1", "2", "3"] {
        let event = ProposedEvent(type: "t", isJSON: false, data: Bytes(data.utf8))
        _ = server.log.append([event], to: "s/1", expected: .any, by: .system)
      }
      try await world.send(IdentifyClient(connectionName: "my worker"))
      #expect(try await world.frame().command == .clientIdentified)
      let settings = PersistentSubscriptionSettings(
        resolveLinks: false, startFrom: 0, messageTimeoutMilliseconds: 60_000, recordsStatistics: false,
        liveBufferSize: 500, readBatchSize: 20, bufferSize: 400, maximumRetryCount: 10, prefersRoundRobin: true,
        checkpointAfterMilliseconds: 1, maximumCheckpointCount: 1000, minimumCheckpointCount: 1,
        maximumSubscriberCount: 0, consumerStrategy: nil)
      let admin = Credentials(login: "admin", password: "changeit")
      try await world.send(CreatePersistentSubscription(group: "g", stream: "s/1", settings: settings), as: admin)
      #expect(try CreatePersistentSubscriptionCompleted(try await world.frame()).result == .success)
      try await world.send(
        ConnectToPersistentSubscription(group: "g", stream: "s/1", allowedInFlightMessages: 3), id: world.id, as: admin)
      #expect(try await world.frame().command == .persistentSubscriptionConfirmation)
      try await body(world)
    } catch {
      await server.shutdown()
      throw error
    }
    await server.shutdown()
  }

  /// Asks until the answer is as it should be: the group is told of things on another connection.
  private func eventually(
    _ world: World, _ name: String, is value: Int64, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while try await world.json("/subscriptions/s%2F1/g/info")[name]?.integer != value {
      guard ContinuousClock.now < end else {
        Issue.record("\(name) never was \(value)", sourceLocation: sourceLocation)
        return
      }
    }
  }

  @Test("The list is laid out as the recorded one, and shows what the group has done")
  func list() async throws {
    try await withWorld { world in
      for _ in 0..<3 { _ = try await world.event() }
      let answer = try await world.ask("GET", "/subscriptions")
      let recorded = String(decoding: try HTTPRecording.body(named: "subscriptions.json"), as: UTF8.self)
      func layout(_ text: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != ":" } }
      }
      #expect(layout(answer.body).dropLast(2) == layout(recorded).prefix(19))
      let group = try #require(try JSONValue(parsing: answer.body.utf8)[0])
      #expect(group["eventStreamId"]?.string == "s/1" && group["groupName"]?.string == "g")
      #expect(group["status"]?.string == "Live")
      #expect(group["totalItemsProcessed"]?.integer == 3 && group["totalInFlightMessages"]?.integer == 3)
      #expect(group["lastKnownEventNumber"]?.integer == 3 && group["lastProcessedEventNumber"]?.integer == -1)
      #expect(group["connectionCount"]?.integer == 1)
      let base = "http://127.0.0.1:\(world.server.httpPort)"
      #expect(group["links"]?[0]?["href"]?.string == "\(base)/subscriptions/s%2F1/g/info")
      #expect(group["parkedMessageUri"]?.string == "\(base)/streams/%24persistentsubscription-s%2F1::g-parked")
      #expect(group["getMessagesUri"]?.string == "\(base)/subscriptions/s%2F1/g/1")
      #expect(try await world.json("/subscriptions/s%2F1").array?.count == 1)
    }
  }

  @Test("The details show the settings, what waits where, and who is connected")
  func details() async throws {
    try await withWorld { world in
      try await world.acknowledge(try await world.event())
      try await world.park(try await world.event())
      for _ in 0..<2 { _ = try await world.event() }
      try await eventually(world, "parkedMessageCount", is: 1)
      try await eventually(world, "lastProcessedEventNumber", is: 1)
      let info = try await world.json("/subscriptions/s%2F1/g/info")
      #expect(info["config"]?["bufferSize"]?.integer == 400)
      #expect(info["config"]?["namedConsumerStrategy"]?.string == "RoundRobin")
      #expect(info["totalItemsProcessed"]?.integer == 4 && info["outstandingMessagesCount"]?.integer == 2)
      #expect(info["readBufferCount"]?.integer == 0 && info["retryBufferCount"]?.integer == 0)
      let consumer = try #require(info["connections"]?[0])
      #expect(info["connections"]?.array?.count == 1)
      #expect(consumer["from"]?.string?.hasPrefix("127.0.0.1:") == true)
      #expect(consumer["username"]?.string == "admin" && consumer["connectionName"]?.string == "my worker")
      #expect(consumer["inFlightMessages"]?.integer == 2 && consumer["availableSlots"]?.integer == 1)
      #expect(consumer["totalItemsProcessed"]?.integer == 4)
    }
  }

  @Test("What was parked comes back to the consumer when it is replayed, and then is parked no more")
  func replay() async throws {
    try await withWorld { world in
      try await world.park(try await world.event())
      for _ in 0..<3 { try await world.acknowledge(try await world.event()) }
      try await eventually(world, "parkedMessageCount", is: 1)
      let answer = try await world.ask("POST", "/subscriptions/s%2F1/g/replayParked")
      #expect(answer.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(try JSONValue(parsing: answer.body.utf8)["result"]?.string == "Success")
      let again = try await world.event()
      #expect(again.event?.stream == "s/1" && again.event?.number == 0 && again.event?.data == "0")
      #expect(again.link?.stream == "$persistentsubscription-s/1::g-parked")
      let replaying = try await world.json("/subscriptions/s%2F1/g/info")
      #expect(replaying["status"]?.string == "ReplayingParkedMessages, Live")
      #expect(replaying["parkedMessageCount"]?.integer == 1, "nobody has dealt with it yet")
      try await world.acknowledge(again)
      try await eventually(world, "parkedMessageCount", is: 0)
      #expect(try await world.json("/subscriptions/s%2F1/g/info")["status"]?.string == "Live")
    }
  }

  @Test("An event that is parked while it is replayed stays parked, and can be replayed once more")
  func parkedAgain() async throws {
    try await withWorld { world in
      try await world.park(try await world.event())
      for _ in 0..<3 { try await world.acknowledge(try await world.event()) }
      for _ in 0..<2 {
        try await eventually(world, "parkedMessageCount", is: 1)
        _ = try await world.ask("POST", "/subscriptions/s%2F1/g/replayParked")
        let again = try await world.event()
        #expect(again.event?.stream == "s/1" && again.event?.number == 0)
        try await world.park(again)
      }
      try await eventually(world, "parkedMessageCount", is: 1)
    }
  }

  @Test(
    "Who may not know, what is not there, and what is not asked so, is refused",
    arguments: [
      ("GET", "/subscriptions", ops, 200), ("GET", "/subscriptions", wrong, 401), ("GET", "/subscriptions", "?", 401),
      ("GET", "/subscriptions", nil, 401), ("GET", "/subscriptions/s%2F1/g/info", nil, 401),
      ("GET", "/subscriptions/nowhere", admin, 404), ("GET", "/subscriptions/s%2F1/h/info", admin, 404),
      ("GET", "/subscriptions/s%2F1/g", admin, 404), ("POST", "/subscriptions", admin, 405),
      ("GET", "/subscriptions/s%2F1/g/replayParked", admin, 405),
      ("POST", "/subscriptions/s%2F1/h/replayParked", admin, 404),
      ("POST", "/subscriptions/s%2F1/g/replayParked", ops, 401),
      ("POST", "/subscriptions/s%2F1/g/replayParked", nil, 401),
    ])
  func refusals(method: String, target: String, user: String?, status: Int) async throws {
    try await withWorld { world in
      let answer = try await world.ask(method, target, as: user)
      #expect(answer.head.hasPrefix("HTTP/1.1 \(status) "), "\(answer.head)")
      if status == 401 { #expect(answer.head.contains("WWW-Authenticate: Basic realm=\"ES\"")) }
      if status == 405 { #expect(answer.head.contains("Allow: ")) }
    }
  }

  @Test("A request's path, query and user are read, and what cannot be read is no user")
  func requests() {
    let request = HTTPRequest(
      method: "GET", target: "/a%2Fb//%zz%e4%b8%96?x=1&y", authorization: "basic dXNlcjpwYTpzcw==")
    #expect(request.path == ["a/b", "", "%zz世"] && request.query == ["x=1", "y"])
    #expect(request.credentials == Credentials(login: "user", password: "pa:ss"))
    for bad in ["Bearer x", "Basic", "Basic !!!!", "Basic dXNlcg==", "Basic a b"] {
      let refused = HTTPRequest(method: "GET", target: "/", authorization: bad)
      #expect(refused.credentials == nil && refused.hasAuthorization, "\(bad)")
    }
  }
}
