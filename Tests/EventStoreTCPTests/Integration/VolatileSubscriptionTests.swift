import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import NIOCore
import TestSupport
import Testing

@Suite("Volatile subscriptions", .timeLimit(.minutes(5)))
struct VolatileSubscriptionTests {
  /// What a subscription said, until it has given as many events.
  private func signals(_ subscription: VolatileSubscription, count: Int) async throws -> [SubscriptionSignal] {
    var signals: [SubscriptionSignal] = []
    while events(in: signals).count < count, let signal = try await subscription.next() {
      signals.append(signal)
    }
    return signals
  }

  private func events(in signals: [SubscriptionSignal]) -> [ResolvedEvent] {
    signals.flatMap { signal in if case .events(let events) = signal { events } else { [ResolvedEvent]() } }
  }

  @Test(
    "Row 22: what is written later comes, in order, once, and with its positions: a stream and $all",
    arguments: ["s", nil] as [StreamName?])
  func live(stream: StreamName?) async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { store in
        let writer = LogConnection(server.log)
        _ = try await writer.append(EventStoreTCPTests.events(3), to: "s", expected: .noStream)
        let subscription = try await store.subscribe(to: stream, resolveLinks: false)
        for number in 0..<200 {
          _ = try await writer.append(
            EventStoreTCPTests.events(1), to: "s", expected: .exactly(EventNumber(number + 2)))
          _ = try await writer.append(EventStoreTCPTests.events(1), to: "other", expected: .any)
        }
        let signals = try await signals(subscription, count: stream == nil ? 400 : 200)
        guard case .confirmed(let start)? = signals.first else {
          Issue.record("the subscription was not confirmed first")
          return
        }
        #expect(start.lastEventNumber == (stream == nil ? nil : 2))
        let found = events(in: signals)
        #expect(found.filter { $0.event?.stream == "s" }.compactMap { $0.event?.number } == Array(3..<203))
        #expect(found.filter { $0.event?.stream == "other" }.count == (stream == nil ? 200 : 0))
        let positions = found.compactMap(\.position)
        #expect(positions.count == found.count && positions == positions.sorted())
        #expect(positions.allSatisfy { $0.commit > start.lastCommitPosition })
        await subscription.close()
        let last = try await subscription.next()
        #expect(last == nil)
      }
    }
  }

  @Test("Row 22: a subscription resolves links, and waits for a stream that is not there")
  func links() async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { store in
        let writer = LogConnection(server.log)
        let target = EventStoreTCPTests.events(1)
        let subscription = try await store.subscribe(to: "links", resolveLinks: true)
        _ = try await writer.append(target, to: "target", expected: .noStream)
        _ = try await writer.append(
          ["0@target", "9@target"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }, to: "links",
          expected: .noStream)
        let found = events(in: try await signals(subscription, count: 2))
        #expect(found.map { $0.event?.id } == [target[0].id, nil])
        #expect(found.map { $0.link?.number } == [0, 1])
        await subscription.close()
      }
    }
  }

  @Test(
    "Row 22: a slow consumer costs bounded memory: it gets the first events, the news of a gap, and what comes after it"
  )
  func slowConsumer() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.subscriptionBufferEvents = 10
    try await withScriptedServer(Self.script) { server in
      try await withStore(configuration, port: server.port) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        let request = try #require(server.frames(.subscribeToStream).first)
        for round in 0..<3 {
          let first = EventNumber(round * 1000)
          for number in first..<first + 1000 {
            try await server.send(appeared(number).frame(correlationID: request.correlationID))
          }
          // The answer comes behind the events.
          try await store.ping()
          if round == 0 {
            guard case .confirmed? = try await subscription.next() else {
              Issue.record("the subscription was not confirmed first")
              return
            }
          }
          guard case .events(let held)? = try await subscription.next() else {
            Issue.record("nothing was held")
            return
          }
          #expect(held.compactMap { $0.event?.number } == Array(first..<first + 10))
          let gap = try await subscription.next()
          #expect(gap == .gap(.consumerTooSlow))
        }
        await subscription.close()
      }
    }
  }

  private func appeared(_ number: EventNumber) -> StreamEventAppeared {
    let position = Position(commit: number, prepare: number)
    let event = RecordedEvent(
      stream: "s", number: number, id: id(UInt64(number + 1)), type: "t", isJSON: false, data: "x",
      created: Timestamp(ticks: 0), position: position)
    return StreamEventAppeared(event: ResolvedEvent(event: event, position: position))
  }

  @Test("Row 23: a lost connection is told as a gap, and the subscription goes on after a new confirmation")
  func reconnects() async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { store in
        let writer = LogConnection(server.log)
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        guard case .confirmed? = try await subscription.next() else {
          Issue.record("the subscription was not confirmed first")
          return
        }
        for round in 0..<3 {
          #expect(await server.cutConnections() == 1)
          let gap = try await subscription.next()
          #expect(gap == .gap(.connectionLost))
          guard case .confirmed(let start)? = try await subscription.next() else {
            Issue.record("the subscription was not confirmed again")
            return
          }
          #expect(start.lastEventNumber == EventNumber(round) - 1)
          _ = try await writer.append(EventStoreTCPTests.events(1), to: "s", expected: .any)
          let found = events(in: try await signals(subscription, count: 1))
          #expect(found.compactMap { $0.event?.number } == [EventNumber(round)])
        }
        await subscription.close()
      }
    }
  }

  @Test("Whoever may not read gets no subscription", arguments: ["s", nil] as [StreamName?])
  func denied(stream: StreamName?) async throws {
    try await withServer { server in
      try await LogConnection(server.log).setMetadata("{\"$acl\":{\"$r\":\"$admins\"}}", of: "s")
      try await withStore(.patient(as: reader), port: server.tcpPort) { store in
        let error = await error(of: { try await store.subscribe(to: stream, resolveLinks: false) })
        #expect(error?.code == .accessDenied && error?.stream == stream)
        try await store.ping()
      }
    }
  }

  /// Confirms subscriptions, and answers pings.
  private static let script: ScriptedServer.Script = { frame in
    switch frame.command {
    case .subscribeToStream:
      [.answer(SubscriptionConfirmation(lastCommitPosition: 0, lastEventNumber: -1), to: frame)]
    case .ping: [.answer(Pong(payload: frame.payload), to: frame)]
    default: []
    }
  }

  @Test(
    "A subscription that the server drops ends with an error, now and ever after",
    arguments: [
      (SubscriptionDropped.Reason.unsubscribed, EventStoreError.Code.subscriptionDropped),
      (.accessDenied, .accessDenied), (.notFound, .subscriptionDropped),
    ])
  func dropped(reason: SubscriptionDropped.Reason, code: EventStoreError.Code) async throws {
    try await withScriptedServer(Self.script) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        guard case .confirmed? = try await subscription.next() else {
          Issue.record("the subscription was not confirmed first")
          return
        }
        let request = try #require(server.frames(.subscribeToStream).first)
        try await server.send(SubscriptionDropped(reason: reason).frame(correlationID: request.correlationID))
        for _ in 0..<2 {
          let error = await error(of: { try await subscription.next() })
          #expect(error?.code == code && error?.stream == "s")
        }
        try await store.ping()
      }
    }
  }

  @Test("Row 22: a subscription that is closed, or that nobody holds any more, is ended on the server too")
  func closed() async throws {
    try await withScriptedServer(Self.script) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        await subscription.close()
        await subscription.close()
        #expect(await eventually { server.frames(.unsubscribeFromStream).count == 1 })
        _ = try await store.subscribe(to: "t", resolveLinks: false)
        #expect(await eventually { server.frames(.unsubscribeFromStream).count == 2 })
        let subscribed = server.frames(.subscribeToStream).map(\.correlationID)
        #expect(server.frames(.unsubscribeFromStream).map(\.correlationID) == subscribed)
      }
    }
  }

  @Test("An event that cannot be read ends the subscription with an error, never silently")
  func unreadable() async throws {
    try await withScriptedServer(Self.script) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        let request = try #require(server.frames(.subscribeToStream).first)
        try await server.send(
          Frame(
            command: .streamEventAppeared, correlationID: request.correlationID,
            payload: ByteBuffer(bytes: [0xFF, 0xFF])))
        guard case .confirmed? = try await subscription.next() else {
          Issue.record("the subscription was not confirmed first")
          return
        }
        let error = await error(of: { try await subscription.next() })
        #expect(error?.code == .protocolViolation)
      }
    }
  }

  @Test("An event over the frame limit ends the subscription with an error; it is not asked for again and again")
  func tooLarge() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.maximumFrameBytes = 64 << 10
    try await withServer { server in
      try await withStore(configuration, port: server.tcpPort) { store in
        let subscription = try await store.subscribe(to: "s", resolveLinks: false)
        guard case .confirmed? = try await subscription.next() else {
          Issue.record("the subscription was not confirmed first")
          return
        }
        let large = ProposedEvent(type: "t", isJSON: false, data: Bytes([UInt8](repeating: 1, count: 100_000)))
        _ = try await LogConnection(server.log).append([large], to: "s", expected: .noStream)
        let error = await error(of: { try await subscription.next() })
        #expect(error?.code == .frameTooLarge)
        try await store.ping()
      }
    }
  }

  @Test("Row 22: a closed client ends its subscriptions")
  func clientClosed() async throws {
    try await withServer { server in
      let store = try await TCPEventStore.connect(.patient(), port: server.tcpPort)
      let subscription = try await store.subscribe(to: nil, resolveLinks: false)
      guard case .confirmed? = try await subscription.next() else {
        Issue.record("the subscription was not confirmed first")
        return
      }
      let waiting = Task { try await subscription.next() }
      await store.close()
      #expect(await error(of: { try await waiting.value })?.code == .clientClosed)
    }
  }
}
