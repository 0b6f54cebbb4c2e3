import EventStoreCore
import EventStoreServer
import GoldenTraffic
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing

@Suite("Embedded server over sockets", .timeLimit(.minutes(1)))
struct EmbeddedServerTests {
  /// Starts a server with the users of the recordings, and shuts it down after `body`.
  private func withServer(
    _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (EmbeddedServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration.freePorts
    configuration.users += [ServerUser(name: "reader", password: "reader-pass")]
    change(&configuration)
    let server = try await EmbeddedServer.start(configuration)
    try await doing {
      try await body(server)
    } finally: {
      await server.shutdown()
    }
  }

  private static let ping = frame(0x03, id: 7)

  private static func frame(_ command: UInt8, id: UInt8, payload: [UInt8] = []) -> [UInt8] {
    [UInt8(18 + payload.count), 0, 0, 0, command, 0] + [UInt8](repeating: id, count: 16) + payload
  }

  // MARK: - Recorded conversations

  @Test(
    "A recorded conversation goes as recorded",
    arguments: [
      "identify_ping", "authenticate_ok", "authenticate_bad", "authenticate_per_request", "protocol_bad_request",
      "protocol_zero_correlation", "protocol_split_frames", "read_event", "write_expected_version", "write_large_1mb",
    ])
  func replay(scenario: String) async throws {
    let recording = try Recording.named(scenario)
    try await withServer { server in
      for connection in Set(recording.steps.map(\.connection)).sorted() {
        let client = try await RawClient(port: server.tcpPort)
        for step in recording.steps where step.connection == connection {
          guard let recorded = step.frame else { continue }
          switch step.direction {
          case .client: try await client.send(recorded)
          case .server:
            let answer = try #require(await client.nextFrame(), "\(scenario) \(step.sequence): closed")
            #expect(answer.dropFirst(4).prefix(18).elementsEqual(recorded.dropFirst(4).prefix(18)), "\(step.sequence)")
            if Self.isExact(step) { #expect(answer == recorded, "\(scenario) \(step.sequence)") }
          case .close, .note: break
          }
        }
        try await client.close()
      }
    }
  }

  /// Whether an answer holds nothing that differs from run to run.
  private static func isExact(_ step: Step) -> Bool {
    ["Pong", "ClientIdentified", "HeartbeatResponse", "Authenticated", "NotAuthenticated"].contains(step.command)
      || step.command == "BadRequest" && step.decoded["text"]?.string?.contains("  at ") == false
  }

  @Test("One byte at a time, a request is understood")
  func byteByByte() async throws {
    try await withServer { server in
      let client = try await RawClient(port: server.tcpPort)
      for byte in Self.frame(0x03, id: 1, payload: [1, 2, 3]) { try await client.send([byte]) }
      #expect(await client.nextFrame() == Self.frame(0x04, id: 1, payload: [1, 2, 3]))
      try await client.close()
    }
  }

  @Test("A thousand requests in one write are answered in order")
  func manyAtOnce() async throws {
    try await withServer { server in
      let client = try await RawClient(port: server.tcpPort)
      let numbers = (0..<1000).map { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      try await client.send(numbers.flatMap { Self.frame(0x03, id: 1, payload: $0) })
      for number in numbers { #expect(await client.nextFrame() == Self.frame(0x04, id: 1, payload: number)) }
      try await client.close()
    }
  }

  // MARK: - Bad framing

  @Test("Bytes that are no frames are answered with the recorded BadRequest, if at all, then closed")
  func badFraming() async throws {
    let steps = try Recording.named("protocol_bad_framing").steps
    try await withServer { server in
      for connection in Set(steps.map(\.connection)).sorted() {
        let mine = steps.filter { $0.connection == connection }
        guard let bytes = mine.first(where: { $0.direction == .client })?.frame,
          mine.contains(where: { $0.direction == .close && $0.text == "server" })
        else { continue }
        let client = try await RawClient(port: server.tcpPort)
        try await client.send(bytes)
        if let answer = await client.nextFrame() {
          #expect(answer[4] == 0xF0, "connection \(connection)")
          if let recorded = mine.first(where: { $0.direction == .server }) {
            let text = String(decoding: answer.dropFirst(22), as: UTF8.self)
            let recordedText = try #require(recorded.decoded["text"]?.string)
            let isStackTrace = recordedText.contains("  at ")
            #expect(isStackTrace ? text.hasPrefix("Received bad network package.") : text == recordedText)
            #expect(answer[6..<22].elementsEqual(try #require(recorded.frame)[6..<22]))
          }
          #expect(await client.next() == .closed(rest: []), "connection \(connection)")
        }
      }
    }
  }

  @Test("A frame at the limit is waited for, one byte more is refused")
  func frameLimit() async throws {
    try await withServer {
      $0.maximumFrameBytes = 100
    } _: { server in
      let client = try await RawClient(port: server.tcpPort)
      try await client.send(Self.frame(0x03, id: 1, payload: [UInt8](repeating: 5, count: 82)))
      #expect(await client.nextFrame()?.count == 104)
      try await client.send([101, 0, 0, 0])
      let refusal = try #require(await client.nextFrame())
      #expect(String(decoding: refusal.dropFirst(22), as: UTF8.self).contains("out of bounds: 101 (max: 100)"))
      #expect(await client.next() == .closed(rest: []))
    }
  }

  // MARK: - Heartbeats

  @Test("A silent client is asked for a sign of life, and closed when it gives none")
  func heartbeat() async throws {
    try await withServer {
      $0.heartbeatInterval = .milliseconds(5)
      $0.heartbeatTimeOut = .milliseconds(500)
    } _: { server in
      let client = try await RawClient(port: server.tcpPort)
      for _ in 0..<3 {
        let request = try #require(await client.nextFrame())
        #expect(request[4] == 0x01)
        try await client.send([18, 0, 0, 0, 0x02, 0] + request[6..<22])
      }
      #expect(await client.nextFrame()?[4] == 0x01)
      #expect(await client.next() == .closed(rest: []))
    }
  }

  @Test("A client's heartbeat is answered with the same correlation id")
  func clientHeartbeat() async throws {
    try await withServer { server in
      let client = try await RawClient(port: server.tcpPort)
      try await client.send(Self.frame(0x01, id: 9))
      #expect(await client.nextFrame() == Self.frame(0x02, id: 9))
      try await client.close()
    }
  }

  // MARK: - Live events

  @Test("Events written by one client reach the subscriptions of others, all of them and in order")
  func liveEvents() async throws {
    let subscription = try Recording.named("subscribe_all").clientFrames.first { $0.command == "SubscribeToStream" }
    let subscribe = try #require(subscription?.frame)
    try await withServer { server in
      var clients: [RawClient] = []
      for _ in 0..<3 {
        let client = try await RawClient(port: server.tcpPort)
        try await client.send(subscribe)
        #expect(await client.nextFrame()?[4] == 0xC1)
        clients.append(client)
      }
      let log = server.log
      await withDiscardingTaskGroup { group in
        for writer in 0..<4 {
          group.addTask {
            for number in 0..<250 {
              let event = ProposedEvent(type: "counted", isJSON: false, data: Bytes("w\(writer)n\(number)."))
              _ = log.append([event], to: StreamName("live-\(writer)"), expected: .any, by: .system)
            }
          }
        }
      }
      for client in clients {
        var next = [0, 0, 0, 0]
        for _ in 0..<1000 {
          let frame = try #require(await client.nextFrame())
          #expect(frame[4] == 0xC2)
          let writer = try #require((0..<4).first { Self.frame(frame, says: "w\($0)n\(next[$0]).") })
          next[writer] += 1
        }
        #expect(next == [250, 250, 250, 250])
        try await client.close()
      }
    }
  }

  private static func frame(_ frame: [UInt8], says text: String) -> Bool {
    frame.firstRange(of: Array(text.utf8)) != nil
  }

  @Test("Subscriptions of a client that does not read stop nobody else")
  func slowSubscriber() async throws {
    let subscription = try Recording.named("subscribe_all").clientFrames.first { $0.command == "SubscribeToStream" }
    let subscribe = try #require(subscription?.frame)
    try await withServer { server in
      let slow = try await RawClient(port: server.tcpPort)
      try await slow.stopReading()
      try await slow.send(subscribe)
      let block = Bytes([UInt8](repeating: 1, count: 1_000_000))
      for _ in 0..<40 {
        let event = ProposedEvent(type: "big", isJSON: false, data: block)
        _ = server.log.append([event], to: "big", expected: .any, by: .system)
      }
      let other = try await RawClient(port: server.tcpPort)
      try await other.send(Self.ping)
      #expect(await other.nextFrame()?[4] == 0x04)
      try await slow.startReading()
      #expect(await slow.nextFrame()?[4] == 0xC1)
      try await slow.close()
      try await other.close()
    }
  }

  // MARK: - Faults and endings

  @Test("Cut connections are closed, and new ones are taken")
  func cutting() async throws {
    try await withServer { server in
      let client = try await RawClient(port: server.tcpPort)
      try await client.send(Self.ping)
      #expect(await client.nextFrame() != nil)
      #expect(await server.cutConnections() == 1)
      #expect(await client.next() == .closed(rest: []))
      let again = try await RawClient(port: server.tcpPort)
      try await again.send(Self.ping)
      #expect(await again.nextFrame() != nil)
      try await again.close()
    }
  }

  @Test("A planned fault loses one answer, or the connection with it, and is counted")
  func faults() async throws {
    try await withServer { server in
      server.plan(Fault(.dropAnswer, on: 0x03))
      server.plan(Fault(.delayAnswer(.milliseconds(1)), on: 0x03))
      server.plan(Fault(.cutAfter, on: 0x03, skipping: 1))
      let client = try await RawClient(port: server.tcpPort)
      for id in 1...3 { try await client.send(Self.frame(0x03, id: UInt8(id))) }
      let answers = [await client.nextFrame(), await client.nextFrame()]
      #expect(Set(answers) == [Self.frame(0x04, id: 2), Self.frame(0x04, id: 3)])
      try await client.send(Self.frame(0x03, id: 4))
      #expect(await client.next() == .closed(rest: []))
      #expect(server.faultHits == 3)
      #expect(!server.hasPendingFaults)
    }
  }

  @Test("A refused connection is closed at once, the next is taken")
  func refusing() async throws {
    try await withServer { server in
      server.plan(Fault(.refuseConnection))
      let refused = try await RawClient(port: server.tcpPort)
      #expect(await refused.next() == .closed(rest: []))
      let client = try await RawClient(port: server.tcpPort)
      try await client.send(Self.ping)
      #expect(await client.nextFrame() != nil)
      try await client.close()
    }
  }

  @Test("A second node shares the log of the first, and takes requests when that does not")
  func secondNode() async throws {
    try await withServer { first in
      let second = try await EmbeddedServer.start(.freePorts, sharing: first.log)
      #expect(second.log === first.log && second.tcpPort != first.tcpPort)
      first.setAvailability(.tooBusy)
      let client = try await RawClient(port: second.tcpPort)
      try await client.send(Self.ping)
      #expect(await client.nextFrame() != nil)
      await second.shutdown()
    }
  }

  @Test("After a shutdown every connection is closed, and the ports are free")
  func shutdown() async throws {
    var configuration = ServerConfiguration.freePorts
    let server = try await EmbeddedServer.start(configuration)
    let clients = [try await RawClient(port: server.tcpPort), try await RawClient(port: server.tcpPort)]
    for client in clients {
      try await client.send(Self.ping)
      #expect(await client.nextFrame() != nil)
    }
    #expect(server.connectionCount == 2)
    await server.shutdown()
    #expect(server.connectionCount == 0)
    for client in clients { #expect(await client.next() == .closed(rest: [])) }
    configuration.tcpPort = server.tcpPort
    configuration.httpPort = server.httpPort
    let next = try await EmbeddedServer.start(configuration)
    #expect(next.tcpPort == server.tcpPort)
    await next.shutdown()
    await next.shutdown()
  }

  // MARK: - Starting

  @Test("A port in use is a clear error, and leaves nothing running")
  func portInUse() async throws {
    try await withServer { server in
      var configuration = ServerConfiguration.freePorts
      configuration.httpPort = server.tcpPort
      let error = await #expect(throws: ServerError.self) { try await EmbeddedServer.start(configuration) }
      #expect(error?.code == .portInUse)
      #expect(error?.message == "port \(server.tcpPort) of 127.0.0.1 is in use")
      #expect(error?.hint != nil)
    }
  }

  @Test("An address of another machine, and a configuration without sense, are refused")
  func refusedConfigurations() async throws {
    var elsewhere = ServerConfiguration.freePorts
    elsewhere.host = "192.0.2.1"
    #expect(
      await #expect(throws: ServerError.self) { try await EmbeddedServer.start(elsewhere) }?.code == .addressUnavailable
    )
    var senseless = ServerConfiguration.freePorts
    senseless.tcpPort = 70_000
    #expect(
      await #expect(throws: ServerError.self) { try await EmbeddedServer.start(senseless) }?.code
        == .invalidConfiguration)
    var keyless = ServerConfiguration.freePorts
    keyless.tls = TLSFiles(certificatePath: try TestCertificate.certificatePath, keyPath: "/nowhere/key.pem")
    #expect(await #expect(throws: ServerError.self) { try await EmbeddedServer.start(keyless) }?.code == .tlsInvalid)
  }

  // MARK: - TLS

  @Test("With a certificate the port takes TLS, and nothing else")
  func tls() async throws {
    let files = TLSFiles(certificatePath: try TestCertificate.certificatePath, keyPath: try TestCertificate.keyPath)
    var client = TLSConfiguration.makeClientConfiguration()
    client.trustRoots = .file(try TestCertificate.certificatePath)
    let context = try NIOSSLContext(configuration: client)
    try await withServer {
      $0.tls = files
    } _: { server in
      let secure = try await RawClient(port: server.tcpPort, tls: context)
      try await secure.send(Self.ping)
      #expect(await secure.nextFrame() == Self.frame(0x04, id: 7))
      try await secure.close()
      let plain = try await RawClient(port: server.tcpPort)
      try await plain.send(Self.ping)
      guard case .closed = await plain.next() else {
        Issue.record("a plain request was answered on the TLS port")
        return
      }
    }
  }
}
