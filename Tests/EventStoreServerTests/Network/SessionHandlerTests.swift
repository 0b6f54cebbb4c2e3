import EventStoreCore
import EventStoreWire
import NIOCore
import NIOEmbedded
import Testing

@testable import EventStoreServer

@Suite("A connection's handler")
struct SessionHandlerTests {
  private let log = EventLog()
  private let reads = ReadCounter()
  private let availability = SharedAvailability()

  private func connected() throws -> EmbeddedChannel {
    let service = SessionHandler.Service(
      log: log, users: UserTable(), groups: PersistentSubscriptions(log: log), faults: FaultInjector(),
      knowsFilters: false,
      availability: { [availability] in availability.value },
      heartbeatInterval: .seconds(2), heartbeatTimeOut: .seconds(1), maximumFrameBytes: Frame.maximumOutboundBytes,
      logger: ServerConfiguration().logger)
    let channel = EmbeddedChannel(handlers: [reads, SessionHandler(service, address: "")])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  /// The commands of the frames that were sent since the last look.
  private func sent(_ channel: EmbeddedChannel) throws -> [Command] {
    var bytes = ByteBuffer()
    while let chunk = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeImmutableBuffer(chunk) }
    var decoder = FrameDecoder()
    var commands: [Command] = []
    while let frame = try decoder.decode(buffer: &bytes) { commands.append(frame.command) }
    return commands
  }

  private func request(_ command: Command) -> Frame {
    Frame(command: command, correlationID: EventID())
  }

  @Test("Requests wait while the client does not read its answers; heartbeats wait for nothing")
  func backPressure() throws {
    let channel = try connected()
    channel.isWritable = false
    try channel.writeInbound(request(.ping))
    #expect(try sent(channel) == [])
    try channel.writeInbound(request(.heartbeatRequest))
    #expect(try sent(channel) == [.heartbeatResponse])
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    #expect(try sent(channel) == [.pong])
    _ = try channel.finish()
  }

  @Test("Nothing more is read from a client with many requests waiting, until they are carried out")
  func heldReads() throws {
    let channel = try connected()
    channel.isWritable = false
    for _ in 0..<1024 { try channel.writeInbound(request(.ping)) }
    let before = reads.count
    channel.read()
    #expect(reads.count == before + 1)
    try channel.writeInbound(request(.ping))
    channel.read()
    #expect(reads.count == before + 1)
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    #expect(try sent(channel).count == 1025)
    #expect(reads.count == before + 2)
    _ = try channel.finish()
  }

  @Test("A silent client is asked after two seconds and closed a second later; one that answers stays")
  func heartbeats() throws {
    let channel = try connected()
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1999))
    #expect(try sent(channel) == [])
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(try sent(channel) == [.heartbeatRequest])
    try channel.writeInbound(request(.heartbeatResponse))
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(2999))
    #expect(try sent(channel) == [])
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(try sent(channel) == [.heartbeatRequest])
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!channel.isActive)
    #expect(try sent(channel) == [])
  }

  @Test("Live events wait in the log, not in memory, while the client does not read")
  func slowSubscriber() throws {
    let channel = try connected()
    try channel.writeInbound(
      SubscribeToStream(stream: "things", resolveLinks: false).frame(
        correlationID: EventID(), credentials: Credentials(login: "admin", password: "changeit")))
    channel.embeddedEventLoop.run()
    #expect(try sent(channel) == [.subscriptionConfirmation])
    channel.isWritable = false
    for _ in 0..<700 {
      _ = log.append(
        [ProposedEvent(type: "thing", isJSON: false, data: "x")], to: "things", expected: .any, by: .system)
    }
    channel.embeddedEventLoop.run()
    #expect(try sent(channel) == [])
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    channel.embeddedEventLoop.run()
    #expect(try sent(channel) == [Command](repeating: .streamEventAppeared, count: 700))
    _ = try channel.finish()
  }

  @Test("A node that is not ready says so, until it is")
  func notReady() throws {
    let channel = try connected()
    let write = WriteEvents(
      stream: "things", expectedVersion: -2,
      events: [ProposedEvent(type: "thing", isJSON: false, data: "x")], requireLeader: false)
    availability.value = .notReady
    try channel.writeInbound(write.frame(correlationID: EventID()))
    #expect(try sent(channel) == [.notHandled])
    availability.value = .ready
    try channel.writeInbound(write.frame(correlationID: EventID()))
    #expect(try sent(channel) == [.writeEventsCompleted])
    _ = try channel.finish()
  }
}

/// Counts the reads that reach the socket.
private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private(set) var count = 0

  func read(context: ChannelHandlerContext) {
    count += 1
    context.read()
  }
}
