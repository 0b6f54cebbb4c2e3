import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import NIOCore
import TestSupport
import Testing

@Suite("Persistent subscriptions over TCP", .timeLimit(.minutes(1)))
struct PersistentSubscriptionTests {
  private static var server: ServerConfiguration {
    var configuration = ServerConfiguration.patient
    configuration.groupInterval = .milliseconds(20)
    return configuration
  }

  private func settings(_ change: (inout SubscriptionSettings) -> Void = { _ in }) -> SubscriptionSettings {
    var settings = SubscriptionSettings()
    settings.start = .beginning
    change(&settings)
    return settings
  }

  /// The next `count` events, acknowledged if so wished.
  private func take(
    _ count: Int, of subscription: PersistentSubscription, acknowledging: Bool = true
  ) async throws -> [DeliveredEvent] {
    var delivered: [DeliveredEvent] = []
    while delivered.count < count, let event = try await subscription.next() {
      delivered.append(event)
      if acknowledging { try await subscription.acknowledge([event]) }
    }
    return delivered
  }

  private func numbers(_ events: [DeliveredEvent]) -> [EventNumber] {
    events.compactMap { $0.event.received?.number }
  }

  @Test("However slow the consumer, no more is in flight than it allows, and nothing else waits for it")
  func slowConsumer() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        _ = try await LogConnection(server.log).append(events(1000), to: "s", expected: .noStream)
        try await store.createSubscription("g", on: "s", settings: settings())
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 7)
        let held = try await take(7, of: subscription, acknowledging: false)
        #expect(numbers(held) == Array(0..<7))
        // The eighth event would come before the answer to this.
        try await store.ping()
        let waiting = Task { try await subscription.next() }
        for _ in 0..<20 { try await store.ping() }
        #expect(server.log.eventCount > 1000)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await subscription.acknowledge(held)
        #expect(numbers(try await take(993, of: subscription)) == Array(7..<1000))
        await subscription.close()
        let last = try await subscription.next()
        #expect(last == nil)
      }
    }
  }

  @Test("Cut connections lose nothing: what was not acknowledged comes again, and the rest after it")
  func cuts() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        _ = try await LogConnection(server.log).append(events(200), to: "s", expected: .noStream)
        try await store.createSubscription("g", on: "s", settings: settings { $0.maximumRetryCount = 1000 })
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 10)
        var seen: Set<EventNumber> = []
        var cuts = 0
        while seen.count < 200 {
          let event = try #require(try await take(1, of: subscription).first)
          let isNew = seen.insert(try #require(event.event.received?.number)).inserted
          if isNew, seen.count % 20 == 0 { cuts += await server.cutConnections() }
        }
        #expect(seen == Set(0..<200))
        #expect(cuts >= 10)
        await subscription.close()
      }
    }
  }

  @Test("After a lost connection events that were taken and not acknowledged come again, with their count")
  func redelivery() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        _ = try await LogConnection(server.log).append(events(3), to: "s", expected: .noStream)
        try await store.createSubscription("g", on: "s", settings: settings())
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 10)
        let first = try await take(3, of: subscription, acknowledging: false)
        #expect(numbers(first) == [0, 1, 2] && first.allSatisfy { $0.retryCount == 0 })
        #expect(await server.cutConnections() == 1)
        let again = try await take(3, of: subscription)
        #expect(numbers(again) == [0, 1, 2] && again.allSatisfy { $0.retryCount == 1 })
        await subscription.close()
      }
    }
  }

  @Test("A consumer that the server still counts from before the cut is let in when it is gone")
  func countedTwice() async throws {
    let refusals = Locked(2)
    let script: ScriptedServer.Script = { frame in
      switch frame.command {
      case .connectToPersistentSubscription:
        let confirmation = PersistentSubscriptionConfirmation(
          lastCommitPosition: 0, subscriptionID: "s::g", lastEventNumber: nil)
        let isRefused = refusals.withLock { left in
          left -= 1
          return left == 0 || left == -1
        }
        return [
          isRefused
            ? .answer(SubscriptionDropped(reason: .subscriberMaxCountReached), to: frame)
            : .answer(confirmation, to: frame)
        ]
      case .persistentSubscriptionAckEvents: return [.close]
      default: return []
      }
    }
    try await withScriptedServer(script) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let id = try #require(server.frames(.connectToPersistentSubscription).first?.correlationID)
        let event = ResolvedEvent(
          event: RecordedEvent(
            stream: "s", number: 0, id: EventID(), type: "t", isJSON: false, data: "", created: Timestamp(ticks: 0)))
        let message = PersistentSubscriptionStreamEventAppeared(event: event, retryCount: 0)
        try await server.send(message.frame(correlationID: id))
        // The acknowledgement makes the script close the connection; the next two tries are refused.
        _ = try await take(1, of: subscription)
        #expect(await eventually { server.frames(.connectToPersistentSubscription).count == 4 })
        #expect(server.connections == 2)
        try await server.send(message.frame(correlationID: id))
        #expect(try await subscription.next()?.event.event?.id == event.event?.id)
        await subscription.close()
      }
    }
  }

  @Test("A wish that is refused says why: no such group, too many consumers, no right to read")
  func refusals() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        let missing = await error { try await store.connectSubscription("g", to: "s", allowedInFlight: 1) }
        #expect(missing?.code == .subscriptionNotFound && missing?.stream == "s")
        try await store.createSubscription("g", on: "s", settings: settings { $0.maximumConsumerCount = 1 })
        let first = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let second = await error { try await store.connectSubscription("g", to: "s", allowedInFlight: 1) }
        #expect(second?.code == .tooManyConsumers)
        await first.close()
        let third = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        await third.close()
        let metadata = ProposedEvent(
          type: .streamMetadata, isJSON: true, data: "{\"$acl\":{\"$r\":\"$admins\"}}")
        _ = try await store.append([metadata], to: "$$s", expected: .any)
        try await withStore(.patient(as: reader), port: server.tcpPort) { store in
          let denied = await error { try await store.connectSubscription("g", to: "s", allowedInFlight: 1) }
          #expect(denied?.code == .accessDenied)
        }
        let none = await error { try await store.connectSubscription("g", to: "s", allowedInFlight: 0) }
        #expect(none?.code == .invalidArgument)
      }
    }
  }

  @Test("Row 19: when its group is updated a consumer goes on after the checkpoint, by itself")
  func updated() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        _ = try await LogConnection(server.log).append(events(3), to: "s", expected: .noStream)
        try await store.createSubscription("g", on: "s", settings: settings())
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        _ = try await take(1, of: subscription)
        let held = try await take(1, of: subscription, acknowledging: false)
        try await store.updateSubscription("g", on: "s", settings: settings())
        // From before the update: the group does not know it any more.
        try await subscription.acknowledge(held)
        let again = try await take(2, of: subscription)
        #expect(numbers(again).last == 2 || numbers(again) == [0, 1], "\(numbers(again))")
        #expect(again.allSatisfy { $0.retryCount == 0 })
        await subscription.close()
      }
    }
  }

  @Test("When its group is deleted a consumer is told that it is not there, and its acknowledgements too")
  func deleted() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        _ = try await LogConnection(server.log).append(events(2), to: "s", expected: .noStream)
        try await store.createSubscription("g", on: "s", settings: settings())
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let held = try await take(1, of: subscription, acknowledging: false)
        try await store.deleteSubscription("g", on: "s")
        for _ in 0..<2 {
          let end = await error { try await subscription.next() }
          #expect(end?.code == .subscriptionNotFound && end?.stream == "s")
        }
        let late = await error { try await subscription.acknowledge(held) }
        #expect(late?.code == .subscriptionNotFound)
      }
    }
  }

  @Test(
    "A drop that means something ends the subscription with its error, and nobody asks again",
    arguments: [
      (SubscriptionDropped.Reason.accessDenied, EventStoreError.Code.accessDenied),
      (.persistentSubscriptionDeleted, .subscriptionNotFound), (.notFound, .subscriptionNotFound),
    ])
  func meaningfulDrops(reason: SubscriptionDropped.Reason, code: EventStoreError.Code) async throws {
    try await withScriptedServer(Self.dropping(reason, times: 1)) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let end = await error { try await subscription.next() }
        #expect(end?.code == code)
        try await store.ping()
        #expect(server.frames(.connectToPersistentSubscription).count == 1)
      }
    }
  }

  @Test("A consumer that is sent away as often as the policy allows ends with an error; one that is kept goes on")
  func droppedAgainAndAgain() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.requestRetries = RetryPolicy(
      maximumAttempts: 4, firstDelay: .milliseconds(1), maximumDelay: .seconds(600))
    try await withScriptedServer(Self.dropping(.unsubscribed, times: 3)) { server in
      try await withStore(configuration, port: server.port) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        #expect(await eventually { server.frames(.connectToPersistentSubscription).count == 4 })
        let ids = Set(server.frames(.connectToPersistentSubscription).map(\.correlationID))
        #expect(ids.count == 1, "it stays the same subscription")
        try await store.ping()
        await subscription.close()
        #expect(try await subscription.next() == nil)
      }
    }
    try await withScriptedServer(Self.dropping(.unsubscribed, times: 100)) { server in
      try await withStore(configuration, port: server.port) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let end = await error { try await subscription.next() }
        #expect(end?.code == .subscriptionDropped)
        #expect(server.frames(.connectToPersistentSubscription).count == 4)
      }
    }
  }

  /// A server that confirms every consumer, and sends the first so many away.
  private static func dropping(_ reason: SubscriptionDropped.Reason, times: Int) -> ScriptedServer.Script {
    let left = Locked(times)
    return { frame in
      switch frame.command {
      case .ping: return [.answer(Pong(), to: frame)]
      case .connectToPersistentSubscription:
        let confirmation = ScriptedServer.Reply.answer(
          PersistentSubscriptionConfirmation(lastCommitPosition: 0, subscriptionID: "s::g", lastEventNumber: nil),
          to: frame)
        let isDropped = left.withLock { left in
          left -= 1
          return left >= 0
        }
        return isDropped ? [confirmation, .answer(SubscriptionDropped(reason: reason), to: frame)] : [confirmation]
      default: return []
      }
    }
  }

  @Test("A consumer that waits is not left hanging when the client closes or gives up")
  func clientCloses() async throws {
    try await withServer(Self.server) { server in
      let store = try await TCPEventStore.connect(.patient(), port: server.tcpPort)
      try await store.createSubscription("g", on: "s", settings: settings())
      let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
      let waiting = Task { try await subscription.next() }
      await store.close()
      let end = await error { try await waiting.value }
      #expect(end?.code == .clientClosed)

      var configuration = TCPConfiguration.patient()
      configuration.reconnection = RetryPolicy(maximumAttempts: 3, firstDelay: .milliseconds(1))
      try await withStore(configuration, port: server.tcpPort) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let waiting = Task { try await subscription.next() }
        server.plan(Fault(.refuseConnection, times: 10))
        #expect(await server.cutConnections() == 1)
        let end = await error { try await waiting.value }
        #expect(end?.isTransient == true)
        #expect(server.faultHits > 0)
      }
    }
  }

  @Test("An event that cannot be read ends the subscription with an error")
  func unreadable() async throws {
    let script: ScriptedServer.Script = { frame in
      guard frame.command == .connectToPersistentSubscription else { return [] }
      return [
        .answer(
          PersistentSubscriptionConfirmation(lastCommitPosition: 0, subscriptionID: "s::g", lastEventNumber: nil),
          to: frame),
        .send(
          Frame(
            command: .persistentSubscriptionStreamEventAppeared, correlationID: frame.correlationID,
            payload: ByteBuffer(bytes: [0xff, 0xff]))),
      ]
    }
    try await withScriptedServer(script) { server in
      try await withStore(port: server.port) { store in
        let subscription = try await store.connectSubscription("g", to: "s", allowedInFlight: 1)
        let end = await error { try await subscription.next() }
        #expect(end?.code == .protocolViolation)
        #expect(await eventually { server.frames(.unsubscribeFromStream).count == 1 })
      }
    }
  }

  @Test("Settings that no server could run are refused before anything is sent")
  func settings() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        let changes: [(inout SubscriptionSettings) -> Void] = [
          { $0.readBatchSize = 500 }, { $0.readBatchSize = 0 }, { $0.historyBufferSize = Int.max },
          { $0.maximumRetryCount = -1 }, { $0.messageTimeout = .seconds(-1) },
          { $0.messageTimeout = .seconds(1 << 40) },
          { $0.start = .number(-1) }, { $0.maximumConsumerCount = 0 }, { $0.minimumCheckpointCount = 0 },
        ]
        for (index, change) in changes.enumerated() {
          let refused = await error { try await store.createSubscription("g", on: "s", settings: settings(change)) }
          #expect(refused?.code == .invalidArgument, "\(index)")
        }
        let missing = await error { try await store.deleteSubscription("g", on: "s") }
        #expect(missing?.code == .subscriptionNotFound)
      }
    }
  }

  @Test("A create whose answer was lost is not sent again: it may have been carried out")
  func lostCreate() async throws {
    try await withServer(Self.server) { server in
      try await withStore(port: server.tcpPort) { store in
        server.plan(Fault(.cutAfter, on: Command.createPersistentSubscription.rawValue))
        let lost = await error { try await store.createSubscription("g", on: "s", settings: settings()) }
        #expect(lost?.code == .connectionLost)
        #expect(server.faultHits == 1)
        let again = await error { try await store.createSubscription("g", on: "s", settings: settings()) }
        #expect(again?.code == .subscriptionExists)
      }
    }
  }
}
