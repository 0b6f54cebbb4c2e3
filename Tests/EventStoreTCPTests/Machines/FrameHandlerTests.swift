import EventStoreCore
import EventStoreWire
import NIOCore
import NIOEmbedded
import Testing

@testable import EventStoreTCP

@Suite("A client's frame handler")
struct FrameHandlerTests {
  /// Keeps what it is told.
  private final class Receiver: FrameReceiver {
    struct State {
      var batches: [[Frame]] = []
      var refused: [EventID] = []
      var causes: [EventStoreError?] = []
      var onFrames: @Sendable () -> Void = {}
    }

    let state = Locked(State())

    func secured(connection: UInt64) {}

    func framesArrived(_ frames: [Frame], connection: UInt64) {
      let onFrames = state.withLock { state in
        state.batches.append(frames)
        return state.onFrames
      }
      onFrames()
    }

    /// Calls `body` whenever frames come.
    func onFrames(_ body: @escaping @Sendable () -> Void) {
      state.withLock { $0.onFrames = body }
    }

    func frameRefused(_ id: EventID, _ error: EventStoreError, connection: UInt64) {
      state.withLock { $0.refused.append(id) }
    }

    func closed(cause: EventStoreError?, connection: UInt64) {
      state.withLock { $0.causes.append(cause) }
    }

    var batches: [[Frame]] { state.withLock { $0.batches } }
    var refused: [EventID] { state.withLock { $0.refused } }
    var causes: [EventStoreError?] { state.withLock { $0.causes } }
  }

  private let receiver = Receiver()

  private func connected(_ change: (inout TCPConfiguration) -> Void = { _ in }) throws -> EmbeddedChannel {
    var configuration = TCPConfiguration.small
    change(&configuration)
    let handler = FrameHandler(
      connection: 1, endpoint: Endpoint(host: "one", port: 1113), configuration: configuration, receiver: receiver)
    let channel = EmbeddedChannel(handler: handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func bytes(_ frames: [Frame]) throws -> ByteBuffer {
    var bytes = ByteBuffer()
    for frame in frames { try FrameEncoder().encode(data: frame, out: &bytes) }
    return bytes
  }

  /// The frames that were sent since the last look.
  private func sent(_ channel: EmbeddedChannel) throws -> [Frame] {
    var bytes = ByteBuffer()
    while let chunk = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeImmutableBuffer(chunk) }
    var decoder = FrameDecoder()
    var frames: [Frame] = []
    while let frame = try decoder.decode(buffer: &bytes) { frames.append(frame) }
    return frames
  }

  private let frames = [
    Frame(command: .pong, correlationID: id(1)),
    Frame(command: .pong, correlationID: id(2), payload: ByteBuffer(string: "some payload")),
    Frame(command: Command(rawValue: 0x77), correlationID: .zero, payload: ByteBuffer(bytes: [0, 1, 2])),
  ]

  @Test("Row 36: frames are the same wherever the bytes are cut in two")
  func everySplit() throws {
    let whole = try bytes(frames)
    for split in 0...whole.readableBytes {
      let receiver = Receiver()
      let channel = EmbeddedChannel(
        handler: FrameHandler(
          connection: 1, endpoint: Endpoint(host: "one", port: 1113), configuration: .small, receiver: receiver))
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      for part in [
        whole.getSlice(at: 0, length: split), whole.getSlice(at: split, length: whole.readableBytes - split),
      ] {
        try channel.writeInbound(try #require(part))
      }
      #expect(receiver.batches.flatMap { $0 } == frames, "cut at \(split)")
      _ = try channel.finish()
    }
  }

  @Test("Frames come together when their bytes did, and one byte at a time is enough")
  func byteByByte() throws {
    let channel = try connected()
    try channel.writeInbound(try bytes(frames))
    #expect(receiver.batches == [frames])
    for byte in try bytes(frames).readableBytesView { try channel.writeInbound(ByteBuffer(bytes: [byte])) }
    #expect(receiver.batches == [frames] + frames.map { [$0] })
    _ = try channel.finish()
    #expect(receiver.causes == [nil])
  }

  @Test(
    "Row 33: each heartbeat request is answered in the read that brings it, before anybody sees the frames beside it")
  func heartbeatRequest() throws {
    let channel = try connected()
    for number in 1...21 as ClosedRange<UInt64> {
      var mixed = frames
      mixed.insert(HeartbeatRequest().frame(correlationID: id(number)), at: 1)
      let answered = Locked(false)
      receiver.onFrames {
        let ids = try? self.sent(channel).map(\.correlationID)
        answered.withLock { $0 = ids == [id(number)] }
      }
      // No time passes here: the loop does not run.
      try channel.writeInbound(try bytes(mixed))
      #expect(answered.withLock { $0 }, "\(number)")
      #expect(receiver.batches.last == frames)
    }
    _ = try channel.finish()
  }

  @Test(
    "Row 33: a silent server is asked after the interval, half a frame counts as life, and silence ends the connection")
  func heartbeats() throws {
    let channel = try connected {
      $0.heartbeatInterval = .seconds(4)
      $0.heartbeatTimeout = .seconds(2)
    }
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(3500))
    #expect(try sent(channel).isEmpty)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1000))
    #expect(try sent(channel).map(\.command) == [.heartbeatRequest])
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1000))
    try channel.writeInbound(ByteBuffer(bytes: [18, 0]))
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(3500))
    #expect(channel.isActive)
    #expect(try sent(channel).isEmpty)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(3500))
    #expect(!channel.isActive)
    #expect(try sent(channel).map(\.command) == [.heartbeatRequest])
    #expect(receiver.causes.map { $0?.code } == [.connectionLost])
    #expect(receiver.causes.first??.message == "one:1113 gave no sign of life for 2 s")
  }

  @Test("Bytes that leave are life too: on a slow link the server can answer only what has arrived")
  func bytesLeaving() throws {
    let channel = try connected {
      $0.heartbeatInterval = .seconds(4)
      $0.heartbeatTimeout = .seconds(2)
    }
    channel.write(ByteBuffer(repeating: 1, count: 1000), promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(3500))
    // The heartbeat request is behind them, and takes them along.
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1000))
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(3000))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(5000))
    #expect(!channel.isActive)
    #expect(receiver.causes.map { $0?.code } == [.connectionLost])
  }

  @Test(
    "Row 36: bytes that are no frames end the connection with the cause; what came before them is delivered",
    arguments: [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [17, 0, 0, 0] + [UInt8](repeating: 0, count: 17)])
  func noFrames(garbage: [UInt8]) throws {
    let channel = try connected()
    try channel.writeInbound(try bytes(frames))
    try channel.writeInbound(ByteBuffer(bytes: garbage))
    try channel.writeInbound(try bytes(frames))
    #expect(receiver.batches == [frames])
    #expect(receiver.causes.map { $0?.code } == [.protocolViolation])
  }

  @Test(
    "Row 36: a frame at the limit is taken; one byte more ends the connection as soon as it is known whom it answers")
  func limit() throws {
    let channel = try connected { $0.maximumFrameBytes = 1024 }
    let largest = Frame(command: .pong, correlationID: id(1), payload: ByteBuffer(repeating: 5, count: 1006))
    try channel.writeInbound(try bytes([largest]))
    #expect(receiver.batches == [[largest]])
    let larger = try bytes([
      frames[1], Frame(command: .pong, correlationID: id(7), payload: ByteBuffer(repeating: 5, count: 1007)),
    ])
    let known = 4 + 18 + frames[1].payload.readableBytes + 4 + 18
    try channel.writeInbound(try #require(larger.getSlice(at: 0, length: known - 1)))
    #expect(channel.isActive && receiver.refused.isEmpty)
    try channel.writeInbound(try #require(larger.getSlice(at: known - 1, length: 1)))
    #expect(receiver.batches == [[largest], [frames[1]]])
    #expect(receiver.refused == [id(7)])
    #expect(receiver.causes.map { $0?.code } == [.frameTooLarge])
    #expect(!channel.isActive)
  }
}
