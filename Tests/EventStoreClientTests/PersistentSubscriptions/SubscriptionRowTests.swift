import EventStoreClient
import EventStoreCore
import EventStoreServer
import EventStoreWire
import Testing

/// The rows of the client's check list that are about persistent subscriptions.
@Suite("Persistent subscriptions", .timeLimit(.minutes(1)))
struct SubscriptionRowTests {
  @Test("Row 16: all settings reach the server")
  func row16Settings() async throws {
    try await withSubscriptions { client, _ in
      var settings = SubscriptionSettings()
      settings.resolveLinks = true
      settings.start = .number(7)
      settings.messageTimeout = .milliseconds(1234)
      settings.maximumRetryCount = 3
      settings.consumerStrategy = .pinned
      settings.maximumConsumerCount = 5
      (settings.liveBufferSize, settings.readBatchSize, settings.historyBufferSize) = (111, 22, 333)
      settings.checkpointAfter = .seconds(4)
      (settings.minimumCheckpointCount, settings.maximumCheckpointCount) = (6, 77)
      settings.recordsStatistics = true
      try await client.createSubscription("g", on: "s", settings: settings)
      let text = try #require(
        try await client.events(of: "$persistentSubscriptionConfig", count: 1).last?.event?.data.description)
      for line in [
        "\"stream\": \"s\"", "\"group\": \"g\"", "\"resolveLinkTos\": true", "\"extraStatistics\": true",
        "\"messageTimeout\": 1234", "\"startFrom\": 7", "\"liveBufferSize\": 111", "\"historyBufferSize\": 333",
        "\"maxRetryCount\": 3", "\"readBatchSize\": 22", "\"checkPointAfter\": 4000", "\"minCheckPointCount\": 6",
        "\"maxCheckPointCount\": 77", "\"maxSubscriberCount\": 5", "\"namedConsumerStrategy\": \"Pinned\"",
      ] {
        #expect(text.contains(line), "\(line)")
      }
    }
  }

  @Test("Row 16: creating twice, an unknown strategy, a missing subscription and a user without rights are four errors")
  func row16Errors() async throws {
    try await withSubscriptions { client, server in
      try await client.createSubscription("g", on: "s")
      let twice = await thrown { try await client.createSubscription("g", on: "s") }
      #expect(twice?.code == .subscriptionExists && twice?.cause == "Group 'g' already exists.")
      var strange = SubscriptionSettings()
      strange.consumerStrategy = "NoSuchStrategy"
      let unknown = await thrown { try await client.createSubscription("h", on: "s", settings: strange) }
      #expect(unknown?.code == .serverError)
      #expect(unknown?.cause == "Consumer strategy NoSuchStrategy does not exist.")
      let missing = await thrown { try await client.updateSubscription("h", on: "s", settings: .eager) }
      #expect(missing?.code == .subscriptionNotFound && missing?.cause == "Group 'h' does not exist.")
      try await withEventStoreClient("tcp://reader:reader-pass@127.0.0.1:\(server.tcpPort)") { reader in
        for denied in [
          await thrown { try await reader.createSubscription("h", on: "s") },
          await thrown { try await reader.updateSubscription("g", on: "s", settings: .eager) },
          await thrown { try await reader.deleteSubscription("g", on: "s") },
        ] {
          #expect(denied?.code == .accessDenied)
        }
      }
      try await client.updateSubscription("g", on: "s", settings: .eager)
      try await client.deleteSubscription("g", on: "s")
      let gone = await thrown { try await client.deleteSubscription("g", on: "s") }
      #expect(gone?.code == .subscriptionNotFound)
    }
  }

  @Test(
    "Row 17: of 25 events no more than the limit come before they are acknowledged, and all of them after",
    arguments: [1, 4])
  func row17(limit: Int) async throws {
    try await withSubscriptions { client, _ in
      try await client.write(25, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let subscription = try await client.connectSubscription("g", to: "s", inFlightLimit: limit)
      let held = try await subscription.take(limit, acknowledging: false)
      #expect(held.numbers == Array(0..<EventNumber(limit)))
      let next = Task { try await subscription.take(1, acknowledging: false) }
      for _ in 0..<10 { try await client.ping() }
      // It would have come before the answers: a canceled wait throws, one that got an event does not.
      next.cancel()
      await #expect(throws: CancellationError.self) { try await next.value }
      try await subscription.ack(held)
      #expect(try await subscription.take(25 - limit).numbers == Array(EventNumber(limit)..<25))
      await subscription.close()
    }
  }

  @Test("Row 17: acknowledgements use the link's id, and are sent together")
  func row17Links() async throws {
    try await withSubscriptions { client, server in
      try await client.write(20, to: "s")
      let links = (0..<20).map { ProposedEvent(type: .link, isJSON: false, data: Bytes("\($0)@s")) }
      try await client.publish(to: "links", links, expectedVersion: .noStream)
      var settings = SubscriptionSettings.eager
      settings.resolveLinks = true
      try await client.createSubscription("g", on: "links", settings: settings)
      // Faults count the frames: this one never hits, and every acknowledgement passes it.
      server.plan(Fault(.cutBefore, on: Command.persistentSubscriptionAckEvents.rawValue, skipping: 10))
      let subscription = try await client.connectSubscription("g", to: "links", inFlightLimit: 20)
      let held = try await subscription.take(20, acknowledging: false)
      #expect(held.compactMap { $0.event.link?.id } == links.map(\.id))
      #expect(held.allSatisfy { $0.event.event?.stream == "s" })
      for event in held { try await subscription.ack(event) }
      let checkpoint = try await client.events(of: "$persistentsubscription-links::g-checkpoint", count: 1)
      #expect(!checkpoint.isEmpty)
      await subscription.close()
      _ = await eventuallyCheckpoint(client, "19", "$persistentsubscription-links::g-checkpoint")
      #expect(server.faultHits == 0)
    }
  }

  private func eventuallyCheckpoint(_ client: EventStoreClient, _ number: String, _ stream: StreamName) async -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
      if let event = try? await client.getEvent(stream, .streamEnd), event.data.description == number { return true }
      await Task.yield()
    }
    Issue.record("no checkpoint \(number)")
    return false
  }

  @Test(
    "Row 18: an event that is not acknowledged comes again after its time-out, and is parked after the last attempt")
  func row18Timeout() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(1, to: "s")
      var settings = SubscriptionSettings.eager
      settings.messageTimeout = .milliseconds(30)
      settings.maximumRetryCount = 2
      try await client.createSubscription("g", on: "s", settings: settings)
      let subscription = try await client.connectSubscription("g", to: "s")
      let attempts = try await subscription.take(3, acknowledging: false)
      #expect(attempts.numbers == [0, 0, 0] && attempts.map(\.retryCount) == [0, 1, 2])
      let parked = try await client.events(of: "$persistentsubscription-s::g-parked", count: 1, resolveLinks: true)
      #expect(parked.first?.event?.stream == "s" && parked.first?.link?.data == "0@s")
      #expect(parked.first?.link?.metadata.description.contains("Reached retry count of 2") == true)
      await subscription.close()
    }
  }

  @Test("Row 18: retry gives an event again at once, park sets it aside with the reason, skip and stop forget it")
  func row18Refusals() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(5, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let subscription = try await client.connectSubscription("g", to: "s")
      let events = try await subscription.take(4, acknowledging: false)
      try await subscription.nack(events[1], .park, reason: "because")
      try await subscription.nack(events[2], .skip)
      try await subscription.nack(events[3], .stop)
      try await subscription.nack(events[0], reason: "again")
      let rest = try await subscription.take(2)
      #expect(Set(rest.numbers) == [0, 4])
      #expect(rest.first { $0.event.event?.number == 0 }?.retryCount == 1)
      let parked = try await client.events(of: "$persistentsubscription-s::g-parked", count: 1, resolveLinks: true)
      #expect(parked.compactMap { $0.event?.number } == [1])
      #expect(parked.first?.link?.metadata.description.contains("because") == true)
      // Everything is done with, so the checkpoint reaches the end.
      #expect(await eventuallyCheckpoint(client, "4", "$persistentsubscription-s::g-checkpoint"))
      await subscription.close()
    }
  }

  @Test("Row 18: what is parked of a resolved link leads to its target, of a dead one to what it led to")
  func row18Links() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(1, to: "s")
      let links = ["0@s", "9@s"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }
      try await client.publish(to: "links", links, expectedVersion: .noStream)
      var settings = SubscriptionSettings.eager
      settings.resolveLinks = true
      try await client.createSubscription("g", on: "links", settings: settings)
      let subscription = try await client.connectSubscription("g", to: "links")
      for event in try await subscription.take(2, acknowledging: false) { try await subscription.nack(event, .park) }
      let parked = try await client.events(of: "$persistentsubscription-links::g-parked", count: 2, resolveLinks: false)
      #expect(parked.compactMap { $0.event?.data } == ["0@s", "9@s"])
      #expect(parked.allSatisfy { $0.event?.type == .link })
      await subscription.close()
    }
  }

  @Test("Row 19: a new client goes on where the last one acknowledged, and nothing is lost")
  func row19() async throws {
    try await withSubscriptions { client, server in
      try await client.write(20, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      try await withEventStoreClient("tcp://admin:changeit@127.0.0.1:\(server.tcpPort)") { first in
        let subscription = try await first.connectSubscription("g", to: "s", inFlightLimit: 5)
        #expect(try await subscription.take(8).numbers == Array(0..<8))
        await subscription.close()
      }
      try await withEventStoreClient("tcp://admin:changeit@127.0.0.1:\(server.tcpPort)") { second in
        let subscription = try await second.connectSubscription("g", to: "s", inFlightLimit: 5)
        #expect(try await subscription.take(12).numbers == Array(8..<20))
        await subscription.close()
      }
    }
  }

  @Test("Row 19: a subscription that begins anew goes on after its checkpoint")
  func row19Checkpoint() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(10, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let first = try await client.connectSubscription("g", to: "s", inFlightLimit: 10)
      _ = try await first.take(6)
      #expect(await eventuallyCheckpoint(client, "5", "$persistentsubscription-s::g-checkpoint"))
      // An update throws away what the group had in memory.
      try await client.updateSubscription("g", on: "s", settings: .eager)
      let second = try await client.connectSubscription("g", to: "s", inFlightLimit: 10)
      #expect(try await second.take(4).numbers == [6, 7, 8, 9])
      await second.close()
    }
  }

  @Test("Row 19: a cut in the middle loses nothing: the consumer goes on, and what was not acknowledged comes again")
  func row19Cuts() async throws {
    try await withSubscriptions { client, server in
      try await client.write(60, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let subscription = try await client.connectSubscription("g", to: "s", inFlightLimit: 4)
      var (seen, cuts) = (Set<EventNumber>(), 0)
      for try await event in subscription {
        seen.insert(event.event.received?.number ?? -1)
        if seen.count.isMultiple(of: 20), cuts < seen.count / 20 {
          // What is held is lost with the connection; its acknowledgement is ignored.
          cuts += await server.cutConnections() > 0 ? 1 : 0
        }
        try await subscription.ack(event)
        if seen.count == 60 { await subscription.close() }
      }
      #expect(seen == Set(0..<60) && cuts == 3)
    }
  }

  @Test("Row 19: when the group is updated its consumers go on; when it is deleted they end with an error that says so")
  func row19Changes() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(4, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let subscription = try await client.connectSubscription("g", to: "s", inFlightLimit: 10)
      #expect(try await subscription.take(4).numbers == [0, 1, 2, 3])
      #expect(await eventuallyCheckpoint(client, "3", "$persistentsubscription-s::g-checkpoint"))
      try await client.updateSubscription("g", on: "s", settings: .eager)
      try await client.write(2, to: "s")
      #expect(try await subscription.take(2).numbers == [4, 5])
      try await client.deleteSubscription("g", on: "s")
      let end = await thrown { try await subscription.take(1) }
      #expect(end?.code == .subscriptionNotFound && end?.stream == "s")
    }
  }

  @Test("Row 20: consumers compete: together they get everything, and no event goes to two")
  func row20() async throws {
    for strategy in [SubscriptionSettings.ConsumerStrategy.roundRobin, .dispatchToSingle, .pinned] {
      try await withSubscriptions { client, _ in
        var settings = SubscriptionSettings.eager
        (settings.consumerStrategy, settings.resolveLinks, settings.start) = (strategy, true, .end)
        try await client.createSubscription("g", on: "links", settings: settings)
        let first = try await client.connectSubscription("g", to: "links", inFlightLimit: 100)
        let second = try await client.connectSubscription("g", to: "links", inFlightLimit: 100)
        var links: [ProposedEvent] = []
        for stream in 0..<10 {
          try await client.write(4, to: StreamName("s\(stream)"))
          links += (0..<4).map { ProposedEvent(type: .link, isJSON: false, data: Bytes("\($0)@s\(stream)")) }
        }
        try await client.publish(to: "links", links, expectedVersion: .noStream)
        let got = Locked<[[DeliveredEvent]]>([[], []])
        try await withThrowingTaskGroup { tasks in
          for (index, subscription) in [first, second].enumerated() {
            tasks.addTask {
              for try await event in subscription {
                try await subscription.ack(event)
                got.withLock { $0[index].append(event) }
              }
            }
          }
          let end = ContinuousClock.now + .seconds(20)
          while got.withLock({ $0.joined().count }) < 40, ContinuousClock.now < end { await Task.yield() }
          await first.close()
          await second.close()
          try await tasks.waitForAll()
        }
        let (mine, yours) = got.withLock { ($0[0], $0[1]) }
        #expect(Set(mine.numbers).union(yours.numbers) == Set(0..<40))
        #expect(Set(mine.numbers).isDisjoint(with: yours.numbers))
        switch strategy {
        case .roundRobin: #expect(mine.count == 20 && yours.count == 20)
        case .dispatchToSingle: #expect(mine.count == 40)
        default:
          let streams = [mine, yours].map { Set($0.compactMap { $0.event.event?.stream }) }
          #expect(streams[0].isDisjoint(with: streams[1]))
          #expect(!streams[0].isEmpty && !streams[1].isEmpty)
        }
      }
    }
  }

  @Test("Row 21: on a follower the client follows the leader that the node names")
  func row21() async throws {
    try await withSubscriptions { client, leader in
      try await client.write(3, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let follower = try await EmbeddedServer.start(.freePorts)
      let address = LeaderInfo.Address(host: "127.0.0.1", port: Int32(leader.tcpPort))
      follower.setAvailability(.follower(of: LeaderInfo(tcp: address, http: address)))
      try await withEventStoreClient("tcp://admin:changeit@127.0.0.1:\(follower.tcpPort)") { client in
        let subscription = try await client.connectSubscription("g", to: "s")
        #expect(try await subscription.take(3).numbers == [0, 1, 2])
        await subscription.close()
      }
      await follower.shutdown()
    }
  }

  @Test(
    "Row 29: a dead link is delivered, can be acknowledged, and the subscription goes on; so it does over a tombstone")
  func row29() async throws {
    try await withSubscriptions { client, _ in
      try await client.write(1, to: "s")
      let links = ["0@s", "9@s", "0@s"].map { ProposedEvent(type: .link, isJSON: false, data: Bytes($0)) }
      try await client.publish(to: "links", links, expectedVersion: .noStream)
      var settings = SubscriptionSettings.eager
      settings.resolveLinks = true
      try await client.createSubscription("g", on: "links", settings: settings)
      let subscription = try await client.connectSubscription("g", to: "links", inFlightLimit: 1)
      let events = try await subscription.take(3)
      #expect(events.map { $0.event.event != nil } == [true, false, true])
      #expect(events.numbers == [0, 1, 2])
      try await client.tombstone("links", expectedVersion: .any)
      #expect(try await subscription.take(1).numbers == [.deleted])
      await subscription.close()
    }
  }

  @Test("With auto-ack an event is acknowledged when the next one is asked for, and not before")
  func autoAck() async throws {
    try await withSubscriptions { client, server in
      try await client.write(3, to: "s")
      try await client.createSubscription("g", on: "s", settings: .eager)
      let first = try await client.connectSubscription("g", to: "s", inFlightLimit: 1, autoAck: true)
      var seen = 0
      for try await _ in first {
        seen += 1
        if seen == 2 { await first.close() }
      }
      #expect(seen == 2)
      // The second was being processed when the consumer left.
      let second = try await client.connectSubscription("g", to: "s", inFlightLimit: 10, autoAck: true)
      #expect(try await second.take(2, acknowledging: false).numbers == [1, 2])
      await second.close()
    }
  }
}
