import EventStoreCore
import EventStoreServer
import EventStoreWire
import NIOCore
import TestSupport
import Testing

@Suite struct ServerSessionTests {
  private let log = EventLog()
  private let id = EventID(high: 1, low: 2)

  private func makeSession(_ availability: NodeAvailability = .ready) -> ServerSession {
    var session = ServerSession(log: log, users: UserTable(), availability: { availability })
    _ = session.frameReceived(IdentifyClient(connectionName: nil).frame(correlationID: id))
    return session
  }

  private func answer(
    _ session: inout ServerSession, _ message: some WireMessage, _ credentials: Credentials? = nil
  ) -> Frame? {
    let actions = session.frameReceived(message.frame(correlationID: id, credentials: credentials))
    guard actions.count == 1, case .send(let frame)? = actions.first else { return nil }
    return frame
  }

  private func write(_ stream: StreamName = "s", _ data: Bytes = "x", requireLeader: Bool = false) -> WriteEvents {
    WriteEvents(
      stream: stream, expectedVersion: -2, events: [ProposedEvent(type: "t", isJSON: false, data: data)],
      requireLeader: requireLeader)
  }

  private func read(requireLeader: Bool) -> ReadEvent {
    ReadEvent(stream: "s", eventNumber: 0, resolveLinks: false, requireLeader: requireLeader)
  }

  @Test("A write to a stream named $$ is refused, and the connection stays")
  func dollars() {
    var session = makeSession()
    #expect(answer(&session, write("$$"))?.command == .badRequest)
    let start = TransactionStart(stream: "$$", expectedVersion: -2, requireLeader: false)
    #expect(answer(&session, start)?.command == .badRequest)
    #expect(answer(&session, Ping())?.command == .pong)
    #expect(log.eventCount == 0)
  }

  @Test("Row 8: a page of no events, and one of 4097, are refused with a real server's words; 4096 is a page")
  func pageSizes() throws {
    var session = makeSession()
    _ = answer(&session, write())
    for direction in [ReadDirection.forward, .backward] {
      for (count, words) in [
        (0, "maxCount should be positive.\nParameter name: maxCount"),
        (4097, "Read size too big, should be less than 4096 items"), (4096, ""),
      ] as [(Int32, String)] {
        let request = ReadStreamEvents(
          direction: direction, stream: "s", fromEventNumber: 0, maximumCount: count, resolveLinks: false,
          requireLeader: false)
        let page = try ReadStreamEventsCompleted(try #require(answer(&session, request)))
        #expect(page.result == (words.isEmpty ? .success : .error) && page.error == words, "\(count)")
      }
    }
  }

  @Test("The largest event is taken, one byte more is a BadRequest")
  func eventSize() {
    var session = makeSession()
    let largest = 16_767_216 - 2
    let zeros = Bytes([UInt8](repeating: 0, count: largest + 1))
    #expect(answer(&session, write("s", zeros))?.command == .badRequest)
    #expect(answer(&session, write("s", zeros.slice(0..<largest)))?.command == .writeEventsCompleted)
    #expect(log.eventCount == 1)
  }

  @Test("A node that cannot says so by the need of the request")
  func notHandled() throws {
    let leader = LeaderInfo(tcp: LeaderInfo.Address(host: "h", port: 1), http: LeaderInfo.Address(host: "h", port: 2))
    let expectations: [(NodeAvailability, read: Bool, leaderRead: Bool, write: Bool, leaderWrite: Bool)] = [
      (.ready, true, true, true, true), (.notReady, true, false, false, false), (.tooBusy, false, false, false, false),
      (.follower(of: leader), true, false, true, false), (.readOnly, true, false, false, false),
    ]
    for (availability, read, leaderRead, write, leaderWrite) in expectations {
      var session = makeSession(availability)
      let frames = [
        answer(&session, self.read(requireLeader: false)), answer(&session, self.read(requireLeader: true)),
        answer(&session, self.write(requireLeader: false)), answer(&session, self.write(requireLeader: true)),
      ]
      #expect(frames.map { $0?.command != .notHandled } == [read, leaderRead, write, leaderWrite], "\(availability)")
      #expect(answer(&session, Ping())?.command == .pong)
      if case .follower = availability {
        let refusal = try #require(frames[1])
        #expect(try NotHandled(refusal) == NotHandled(reason: .notLeader, leader: leader))
      }
    }
  }

  @Test("While a node has no leader even good credentials are refused")
  func credentialsWithoutLeader() {
    var session = makeSession(.notReady)
    let credentials = Credentials(login: "admin", password: "changeit")
    #expect(answer(&session, Authenticate(), credentials)?.command == .notAuthenticated)
    #expect(answer(&session, read(requireLeader: false), credentials)?.command == .notAuthenticated)
  }

  @Test("A trusted write is refused with the request's id, and the connection is closed")
  func trustedWrite() {
    var session = makeSession()
    let frame = Frame(command: .ping, correlationID: id, flags: .trustedWrite)
    let text = "Trusted writes aren't accepted over the external TCP interface"
    #expect(
      session.frameReceived(frame) == [.send(BadRequest(text: text).frame(correlationID: id)), .close])
  }

  @Test("Live events come a bounded number at a time, in order, each once, until the subscription ends")
  func liveEvents() throws {
    var session = makeSession()
    #expect(!session.hasSubscriptions)
    _ = answer(&session, write("s", "before"))
    let confirmation = try #require(answer(&session, SubscribeToStream(stream: "s", resolveLinks: false)))
    #expect(try SubscriptionConfirmation(confirmation).lastEventNumber == 0)
    #expect(session.hasSubscriptions)
    for number in 0..<5 {
      _ = answer(&session, write("s", Bytes("\(number)")))
      _ = answer(&session, write("other", "no"))
    }
    var texts: [String] = []
    var rounds = 0
    var hasMore = true
    while hasMore {
      let live = session.liveFrames(maximumCount: 2)
      #expect(live.frames.count <= 2)
      for frame in live.frames {
        let appeared = try StreamEventAppeared(frame)
        texts.append(appeared.event.event?.data.description ?? "")
      }
      hasMore = live.hasMore
      rounds += 1
    }
    #expect(texts == ["0", "1", "2", "3", "4"] && rounds == 3)
    #expect(session.liveFrames(maximumCount: 10).frames.isEmpty)

    #expect(answer(&session, UnsubscribeFromStream())?.command == .subscriptionDropped)
    #expect(!session.hasSubscriptions)
    #expect(session.frameReceived(UnsubscribeFromStream().frame(correlationID: id)).isEmpty)
  }

  @Test("A connection has a bounded number of subscriptions")
  func tooManySubscriptions() throws {
    var session = makeSession()
    for _ in 0..<1000 {
      #expect(
        answer(&session, SubscribeToStream(stream: "s", resolveLinks: false))?.command == .subscriptionConfirmation)
    }
    let refusal = try #require(answer(&session, SubscribeToStream(stream: "s", resolveLinks: false)))
    #expect(try NotHandled(refusal).reason == .tooBusy)
  }

  @Test("A scavenge needs an administrator or an operator, and ends at once")
  func scavenge() throws {
    var session = makeSession()
    let denied = try #require(answer(&session, ScavengeDatabase()))
    #expect(try ScavengeDatabaseCompleted(denied).result == .failed)
    for login in ["admin", "ops"] {
      let credentials = Credentials(login: login, password: "changeit")
      let done = try #require(answer(&session, ScavengeDatabase(), credentials))
      #expect(try ScavengeDatabaseCompleted(done).result == .success)
    }
  }

  @Test("Whatever bytes a frame holds, the session answers or says nothing, and goes on")
  func anyBytes() {
    var session = makeSession()
    var generator = SeededRandom(seed: 11)
    for command in UInt8.min...UInt8.max where command != Command.identifyClient.rawValue {
      for _ in 0..<8 {
        let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
          UInt8.random(in: .min ... .max, using: &generator)
        }
        let frame = Frame(
          command: Command(rawValue: command), correlationID: id, payload: ByteBuffer(bytes: bytes))
        #expect(session.frameReceived(frame).count <= 1)
      }
    }
    #expect(answer(&session, Ping())?.command == .pong)
  }
}
