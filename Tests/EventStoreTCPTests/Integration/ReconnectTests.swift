import EventStoreCore
import EventStoreServer
import EventStoreTCP
import Testing

@Suite("Lost connections", .timeLimit(.minutes(5)))
struct ReconnectTests {
  private func withConnection(
    _ change: (inout TCPConfiguration) -> Void = { _ in }, _ body: (EmbeddedServer, TCPEventStore) async throws -> Void
  ) async throws {
    var configuration = TCPConfiguration.patient()
    change(&configuration)
    try await withServer { server in
      try await withStore(configuration, port: server.tcpPort) { try await body(server, $0) }
    }
  }

  /// The numbers under which the events with these ids stand in a stream.
  private func numbers(of batch: [ProposedEvent], in stream: StreamName, _ server: EmbeddedServer) async throws
    -> [EventNumber]
  {
    let found = try await LogConnection(server.log).pages(of: stream, from: 0, size: 4095).flatMap(\.events)
    return batch.flatMap { event in found.filter { $0.event?.id == event.id }.compactMap { $0.event?.number } }
  }

  @Test("Row 15: a read whose connection is cut is asked again", arguments: [Fault.Effect.cutBefore, .cutAfter])
  func reads(effect: Fault.Effect) async throws {
    try await withConnection { server, store in
      _ = try await store.append(events(3), to: "s", expected: .noStream)
      for command in [0xB0, 0xB2, 0xB4, 0xB6, 0xB8] as [UInt8] { server.plan(Fault(effect, on: command, times: 2)) }
      let event = try await store.readEvent("s", number: 1, resolveLinks: false)
      let forward = try await store.readStream("s", .forward, from: 0, maximumCount: 9, resolveLinks: false)
      let backward = try await store.readStream("s", .backward, from: -1, maximumCount: 9, resolveLinks: false)
      let start = try await store.readAll(.forward, from: .start, maximumCount: 9, resolveLinks: false)
      let end = try await store.readAll(.backward, from: .end, maximumCount: 9, resolveLinks: false)
      #expect(event == .found(forward.events[1]))
      #expect(forward.numbers == [0, 1, 2] && backward.numbers == [2, 1, 0])
      #expect(start.events.reversed() == end.events)
      #expect(server.faultHits == 10 && !server.hasPendingFaults)
    }
  }

  @Test(
    "An append at an exact version that was carried out unheard is answered as the repeat it is",
    arguments: [ExpectedVersion.noStream, .exactly(1)])
  func exactAfter(expected: ExpectedVersion) async throws {
    try await withConnection { server, store in
      if expected == .exactly(1) { _ = try await store.append(events(2), to: "s", expected: .noStream) }
      server.plan(Fault(.cutAfter, on: 0x82))
      let batch = events(3)
      let first: EventNumber = expected == .noStream ? 0 : 2
      let result = try await store.append(batch, to: "s", expected: expected)
      #expect(result == AppendResult(firstEventNumber: first, lastEventNumber: first + 2, position: nil))
      #expect(try await numbers(of: batch, in: "s", server) == [first, first + 1, first + 2])
      #expect(server.faultHits == 1)
    }
  }

  @Test("An append at an exact version that was not carried out is carried out")
  func exactBefore() async throws {
    try await withConnection { server, store in
      server.plan(Fault(.cutBefore, on: 0x82))
      let batch = events(3)
      let result = try await store.append(batch, to: "s", expected: .noStream)
      #expect(result.firstEventNumber == 0 && result.lastEventNumber == 2 && result.position != nil)
      #expect(try await numbers(of: batch, in: "s", server) == [0, 1, 2])
      #expect(server.faultHits == 1)
    }
  }

  @Test(
    "An append at no exact version is not sent twice: its writer is told that nobody knows",
    arguments: [Fault.Effect.cutBefore, .cutAfter], [ExpectedVersion.any, .streamExists])
  func inexact(effect: Fault.Effect, expected: ExpectedVersion) async throws {
    try await withConnection { server, store in
      _ = try await store.append(events(1), to: "s", expected: .noStream)
      server.plan(Fault(effect, on: 0x82))
      let batch = events(2)
      let error = await error(of: { try await store.append(batch, to: "s", expected: expected) })
      #expect(error?.code == .connectionLost && error?.isTransient == true)
      #expect(error?.message.contains("may have been carried out") == true)
      try await store.ping()
      #expect(try await numbers(of: batch, in: "s", server) == (effect == .cutAfter ? [1, 2] : []))
      #expect(server.faultHits == 1)
    }
  }

  @Test("A delete is not sent twice", arguments: [true, false], [Fault.Effect.cutBefore, .cutAfter])
  func deletes(hard: Bool, effect: Fault.Effect) async throws {
    try await withConnection { server, store in
      _ = try await store.append(events(1), to: "s", expected: .noStream)
      let count = server.log.eventCount
      server.plan(Fault(effect, on: 0x8A))
      let error = await error(of: { try await store.delete("s", expected: .exactly(0), hard: hard) })
      #expect(error?.code == .connectionLost)
      try await store.ping()
      #expect(server.log.eventCount == (effect == .cutAfter ? count + 1 : count))
    }
  }

  @Test("Writers of many streams lose and repeat nothing while their connection is cut again and again")
  func manyWriters() async throws {
    try await withConnection { server, store in
      server.plan(Fault(.cutAfter, on: 0x82, skipping: 5, times: 5))
      server.plan(Fault(.cutBefore, on: 0x82, skipping: 40, times: 5))
      server.plan(Fault(.cutAfter, on: 0x82, skipping: 100, times: 5))
      let writers = 8
      let perWriter = 40
      let sent = try await withThrowingTaskGroup(of: (Int, [EventID]).self) { group in
        for writer in 0..<writers {
          group.addTask {
            var ids: [EventID] = []
            for number in 0..<perWriter {
              let batch = events(2)
              let last = EventNumber(2 * number) - 1
              let result = try await store.append(
                batch, to: StreamName("s\(writer)"), expected: ExpectedVersion(after: last < 0 ? nil : last))
              #expect(result.firstEventNumber == last + 1 && result.lastEventNumber == last + 2)
              ids += batch.map(\.id)
            }
            return (writer, ids)
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      for writer in 0..<writers {
        let pages = try await store.pages(of: StreamName("s\(writer)"), from: 0, size: 50)
        #expect(pages.flatMap(\.events).compactMap { $0.event?.id } == sent[writer])
      }
      #expect(server.faultHits == 15 && !server.hasPendingFaults)
    }
  }

  @Test("Row 32: when the server is gone what waits fails in bounded time, and when it is back the same client goes on")
  func goneAndBack() async throws {
    var settings = ServerConfiguration.patient
    let first = try await EmbeddedServer.start(settings)
    settings.tcpPort = first.tcpPort
    var configuration = TCPConfiguration.patient()
    configuration.reconnection = RetryPolicy(maximumAttempts: 3, firstDelay: .milliseconds(1))
    try await withStore(configuration, port: first.tcpPort) { store in
      try await store.ping()
      await first.shutdown()
      let read = await error(of: {
        try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      })
      #expect(read?.isTransient == true)
      let append = await error(of: { try await store.append(events(1), to: "s", expected: .noStream) })
      #expect(append?.isTransient == true)
      try await withServer(settings) { server in
        _ = try await store.append(events(1), to: "s", expected: .noStream)
        #expect(server.log.eventCount > 0)
      }
    }
  }

  @Test("Row 32: a request that loses its connection every time fails in the end, and says how often")
  func everyTime() async throws {
    try await withConnection {
      $0.requestRetries = RetryPolicy(maximumAttempts: 4, firstDelay: .milliseconds(1), maximumDelay: .milliseconds(1))
    } _: { server, store in
      server.plan(Fault(.cutAfter, on: 0xB2, times: 4))
      let error = await error(of: {
        try await store.readStream("s", .forward, from: 0, maximumCount: 1, resolveLinks: false)
      })
      #expect(error?.code == .connectionLost)
      #expect(error?.message == "the connection was lost 4 times before the answer came")
      #expect(server.faultHits == 4)
      try await store.ping()
    }
  }
}
