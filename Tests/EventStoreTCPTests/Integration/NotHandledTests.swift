import EventStoreCore
import EventStoreServer
import EventStoreTCP
import EventStoreWire
import TestSupport
import Testing

@Suite("Nodes that do not handle a request", .timeLimit(.minutes(5)))
struct NotHandledTests {
  /// A script that refuses the first `count` reads of events, and then finds no stream.
  private static func refusing(_ count: Int, with refusal: NotHandled) -> ScriptedServer.Script {
    let refused = Locked(0)
    return { frame in
      switch frame.command {
      case .readEvent:
        let isRefused = refused.withLock { number in
          number += 1
          return number <= count
        }
        return [
          isRefused
            ? .answer(refusal, to: frame) : .answer(ReadEventCompleted(result: .noStream, event: nil), to: frame)
        ]
      case .ping: return [.answer(Pong(payload: frame.payload), to: frame)]
      default: return []
      }
    }
  }

  private func leader(at port: Int) -> LeaderInfo {
    LeaderInfo(
      tcp: LeaderInfo.Address(host: "127.0.0.1", port: Int32(port)),
      http: LeaderInfo.Address(host: "127.0.0.1", port: 1))
  }

  /// A port at which nothing listens.
  private func closedPort() async throws -> Int {
    try await withServer { $0.tcpPort }
  }

  @Test(
    "A node that is not ready or too busy is asked again, on the same connection, until it is",
    arguments: [NotHandled.Reason.notReady, .tooBusy])
  func backsOff(reason: NotHandled.Reason) async throws {
    try await withScriptedServer(Self.refusing(5, with: NotHandled(reason: reason))) { server in
      try await withStore(port: server.port) { store in
        let lookup = try await store.readEvent("s", number: 0, resolveLinks: false)
        #expect(lookup == .noStream)
        #expect(server.frames(.readEvent).count == 6)
        #expect(Set(server.frames(.readEvent).map(\.correlationID)).count == 1)
        #expect(server.connections == 1)
      }
    }
  }

  @Test(
    "A node that stays so is given up after the allowed tries",
    arguments: [NotHandled.Reason.notReady, .tooBusy])
  func givesUp(reason: NotHandled.Reason) async throws {
    var configuration = TCPConfiguration.patient()
    configuration.requestRetries = RetryPolicy(maximumAttempts: 4, firstDelay: .milliseconds(1))
    try await withScriptedServer(Self.refusing(.max, with: NotHandled(reason: reason))) { server in
      try await withStore(configuration, port: server.port) { store in
        let error = await error(of: { try await store.readEvent("s", number: 0, resolveLinks: false) })
        #expect(error?.code == .notReady && error?.isTransient == true)
        #expect(error?.message.contains("4 times") == true)
        #expect(server.frames(.readEvent).count == 4)
        try await store.ping()
      }
    }
  }

  @Test("An append that a busy node did not look at is written once when it does, whatever its expected version")
  func appends() async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { store in
        server.setAvailability(.tooBusy)
        let count = server.log.eventCount
        let appending = Task { try await store.append(events(2), to: "s", expected: .any) }
        // A ping is answered by every node: when its answer is there, the append before it was looked at.
        try await store.ping()
        server.setAvailability(.ready)
        let result = try await appending.value
        #expect(result.firstEventNumber == 0 && result.lastEventNumber == 1 && result.position != nil)
        #expect(server.log.eventCount == count + 2)
      }
    }
  }

  @Test("A read-only node's refusal is final")
  func readOnly() async throws {
    try await withServer { server in
      try await withStore(port: server.tcpPort) { store in
        server.setAvailability(.readOnly)
        let error = await error(of: { try await store.append(events(1), to: "s", expected: .noStream) })
        #expect(error?.code == .readOnly && error?.isTransient == false)
      }
    }
  }

  @Test("Row 21: a follower's word is taken: the client goes to the leader that it names, and stays there")
  func redirected() async throws {
    try await withServer { leaderServer in
      try await withServer { follower in
        follower.setAvailability(.follower(of: leader(at: leaderServer.tcpPort)))
        try await withStore(port: follower.tcpPort) { store in
          for number in 0..<3 {
            let result = try await store.append(
              events(1), to: "s", expected: ExpectedVersion(after: number == 0 ? nil : EventNumber(number - 1)))
            #expect(result.lastEventNumber == EventNumber(number))
          }
          #expect(await eventually { follower.connectionCount == 0 })
          #expect(leaderServer.connectionCount == 1)
          let read = try await store.readStream("s", .forward, from: 0, maximumCount: 9, resolveLinks: false)
          #expect(read.numbers == [0, 1, 2])
        }
      }
    }
  }

  @Test("Requests beside the refused one are answered before the connection is left")
  func drained() async throws {
    try await withServer { leaderServer in
      try await withServer { follower in
        _ = try await LogConnection(leaderServer.log).append(events(1), to: "s", expected: .noStream)
        try await withStore(port: follower.tcpPort) { store in
          follower.setAvailability(.follower(of: leader(at: leaderServer.tcpPort)))
          try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
              group.addTask { try await store.ping() }
              group.addTask {
                let page = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
                #expect(page.numbers == [0])
              }
            }
            try await group.waitForAll()
          }
        }
      }
    }
  }

  @Test("Row 21: a dead leader is not waited for: the first node is asked again, until it answers")
  func deadLeader() async throws {
    let refusal = NotHandled(reason: .notLeader, leader: leader(at: try await closedPort()))
    try await withScriptedServer(Self.refusing(2, with: refusal)) { server in
      try await withStore(port: server.port) { store in
        let lookup = try await store.readEvent("s", number: 0, resolveLinks: false)
        #expect(lookup == .noStream)
        #expect(server.frames(.readEvent).count == 3)
        #expect(server.connections == 3)
      }
    }
  }

  @Test("Row 21: nodes that name each other as the leader for ever are left in bounded time")
  func pingPong() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.requestRetries = RetryPolicy(maximumAttempts: 12, firstDelay: .milliseconds(1))
    configuration.maximumRedirects = 3
    try await withServer { one in
      try await withServer { two in
        one.setAvailability(.follower(of: leader(at: two.tcpPort)))
        two.setAvailability(.follower(of: leader(at: one.tcpPort)))
        try await withStore(configuration, port: one.tcpPort) { store in
          let error = await error(of: { try await store.append(events(1), to: "s", expected: .noStream) })
          #expect(error?.code == .notLeader && error?.isTransient == true)
          #expect(error?.message == "the node is not the leader, 12 times")
          #expect(error?.hint?.contains("gossip") == true)
        }
      }
    }
  }

  @Test("Whoever does not require the leader is served by a follower")
  func anyNode() async throws {
    var configuration = TCPConfiguration.patient()
    configuration.requiresLeader = false
    let refusal = NodeAvailability.follower(of: leader(at: try await closedPort()))
    try await withServer { follower in
      follower.setAvailability(refusal)
      try await withStore(configuration, port: follower.tcpPort) { store in
        _ = try await store.append(events(1), to: "s", expected: .noStream)
        let page = try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
        #expect(page.numbers == [0])
      }
    }
  }
}
