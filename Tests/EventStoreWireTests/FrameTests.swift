import EventStoreCore
import EventStoreWire
import NIOCore
import NIOEmbedded
import Testing

@Suite("Frames")
struct FrameTests {
  private let id = EventID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)

  private func bytes(of frame: Frame) throws -> ByteBuffer {
    var buffer = ByteBuffer()
    try FrameEncoder().encode(data: frame, out: &buffer)
    return buffer
  }

  /// Three frames in a row, one of them with credentials.
  private func threeFrames() throws -> (frames: [Frame], bytes: ByteBuffer) {
    let frames = [
      Frame(command: .ping, correlationID: EventID(), payload: ByteBuffer(string: "hello")),
      Frame(
        command: .authenticate, correlationID: EventID(), credentials: Credentials(login: "admin", password: "pass")),
      SubscribeToStream(stream: "s", resolveLinks: true).frame(correlationID: EventID()),
    ]
    var buffer = ByteBuffer()
    for frame in frames { try FrameEncoder().encode(data: frame, out: &buffer) }
    return (frames, buffer)
  }

  private func decoded(_ pieces: [ByteBuffer], maximumFrameBytes: Int = 1024) throws -> [Frame] {
    let processor = NIOSingleStepByteToMessageProcessor(FrameDecoder(maximumFrameBytes: maximumFrameBytes))
    var frames: [Frame] = []
    for piece in pieces { try processor.process(buffer: piece) { frames.append($0) } }
    return frames
  }

  @Test("A frame is its length, command, flags, the id in .NET order, credentials and the payload")
  func layout() throws {
    let frame = Frame(
      command: .ping, correlationID: id, credentials: Credentials(login: "ab", password: "c"),
      payload: ByteBuffer(string: "hi"))
    let expected: [UInt8] =
      [25, 0, 0, 0, 0x03, 0x01]
      + [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF]
      + [2, 0x61, 0x62, 1, 0x63, 0x68, 0x69]
    #expect(Array(try bytes(of: frame).readableBytesView) == expected)
    #expect(try decoded([ByteBuffer(bytes: expected)]) == [frame])
  }

  @Test("Row 36: frames come out the same wherever the bytes are cut in two")
  func everySplit() throws {
    let (frames, bytes) = try threeFrames()
    for cut in 0...bytes.readableBytes {
      let first = try #require(bytes.getSlice(at: 0, length: cut))
      let second = try #require(bytes.getSlice(at: cut, length: bytes.readableBytes - cut))
      #expect(try decoded([first, second]) == frames, "cut at \(cut)")
    }
  }

  @Test("Frames come out the same byte by byte")
  func byteByByte() throws {
    let (frames, bytes) = try threeFrames()
    #expect(try decoded(bytes.readableBytesView.map { ByteBuffer(bytes: [$0]) }) == frames)
  }

  @Test("In a channel, frames written by the encoder are read by the decoder")
  func channel() throws {
    let (frames, _) = try threeFrames()
    let writing = EmbeddedChannel(handler: MessageToByteHandler(FrameEncoder()))
    let reading = EmbeddedChannel(handler: ByteToMessageHandler(FrameDecoder()))
    for frame in frames { try writing.writeOutbound(frame) }
    while let bytes = try writing.readOutbound(as: ByteBuffer.self) { try reading.writeInbound(bytes) }
    for frame in frames { #expect(try reading.readInbound(as: Frame.self) == frame) }
    #expect(try reading.finish().isClean)
    #expect(try writing.finish().isClean)
  }

  @Test("Row 36: a truncated frame gives nothing")
  func truncated() throws {
    let (frames, bytes) = try threeFrames()
    let start = try #require(bytes.getSlice(at: 0, length: bytes.readableBytes - 1))
    #expect(try decoded([start]) == Array(frames.dropLast()))
  }

  @Test("Row 36: a length that cannot be is refused by its four bytes alone", arguments: [0, -1, Int32.min])
  func badLength(length: Int32) throws {
    var buffer = ByteBuffer()
    buffer.writeInteger(length, endianness: .little)
    let error = #expect(throws: WireError.self) { try decoded([buffer]) }
    #expect(error?.code == .badFrameLength)
    #expect(error?.length == Int(length))
  }

  @Test("Row 36: a frame over the limit is refused before it arrives, one of exactly the limit is waited for")
  func tooLarge() throws {
    var over = ByteBuffer()
    over.writeInteger(UInt32(1025), endianness: .little)
    let error = #expect(throws: WireError.self) { try decoded([over]) }
    #expect(error?.code == .frameTooLarge)
    #expect(error?.length == 1025)
    var exact = ByteBuffer()
    exact.writeInteger(UInt32(1024), endianness: .little)
    #expect(try decoded([exact]).isEmpty)
  }

  @Test("Row 36: a frame that cannot hold a correlation id is refused when it is there", arguments: [1, 5, 17])
  func tooShort(length: Int) throws {
    var buffer = ByteBuffer()
    buffer.writeInteger(UInt32(length), endianness: .little)
    buffer.writeRepeatingByte(3, count: length)
    let error = #expect(throws: WireError.self) { try decoded([buffer]) }
    #expect(error?.code == .frameTooShort)
    #expect(error?.length == length)
  }

  @Test(
    "Credentials that do not end inside the frame are refused",
    arguments: [[], [0, 0], [5, 0x61, 0x64], [2, 0x61, 0x62], [1, 0x61, 2, 0x62]] as [[UInt8]])
  func badCredentials(block: [UInt8]) throws {
    var buffer = ByteBuffer()
    buffer.writeInteger(UInt32(18 + block.count), endianness: .little)
    buffer.writeBytes([0x03, 0x01])
    buffer.writeDotNetGUID(id)
    buffer.writeBytes(block)
    let error = #expect(throws: WireError.self) { try decoded([buffer]) }
    #expect(error?.code == .badAuthenticationBlock)
  }

  @Test("Row 36: what is too large to send leaves the buffer as it was")
  func encodingTooMuch() throws {
    var buffer = ByteBuffer(string: "before")
    let large = Frame(command: .ping, correlationID: id, payload: ByteBuffer(repeating: 0, count: 1024))
    let error = #expect(throws: WireError.self) {
      try FrameEncoder(maximumFrameBytes: 1024).encode(data: large, out: &buffer)
    }
    #expect(error?.code == .frameTooLarge)
    #expect(String(buffer: buffer) == "before")
    try FrameEncoder(maximumFrameBytes: 1042).encode(data: large, out: &buffer)
    #expect(buffer.readableBytes == 6 + 4 + 1042)
  }

  @Test("Row 36: without another limit a frame of 64 MiB can be sent, one byte more cannot")
  func defaultLimit() throws {
    let limit = 64 << 20
    for (length, fits) in [(limit, true), (limit + 1, false)] {
      let frame = Frame(
        command: .ping, correlationID: id, payload: ByteBuffer(repeating: 0, count: length - 18))
      var buffer = ByteBuffer()
      if fits {
        try FrameEncoder().encode(data: frame, out: &buffer)
        #expect(buffer.readableBytes == 4 + length)
      } else {
        let error = #expect(throws: WireError.self) { try FrameEncoder().encode(data: frame, out: &buffer) }
        #expect(error?.code == .frameTooLarge)
      }
    }
  }

  @Test("Row 34: a login or password of 256 bytes cannot be sent, one of 255 can")
  func longCredentials() throws {
    for (login, password) in [(256, 1), (1, 256)] {
      let credentials = Credentials(
        login: String(repeating: "l", count: login), password: String(repeating: "p", count: password))
      let error = #expect(throws: WireError.self) {
        try bytes(of: Frame(command: .ping, correlationID: id, credentials: credentials))
      }
      #expect(error?.code == .badCredentials)
    }
    let longest = Credentials(login: String(repeating: "l", count: 255), password: String(repeating: "p", count: 255))
    let frame = Frame(command: .ping, correlationID: id, credentials: longest)
    #expect(try decoded([bytes(of: frame)]) == [frame])
  }

  @Test("A message is encoded into a frame with and without a payload of its own alike")
  func directEncoding() throws {
    let message = ReadAllEvents(
      direction: .backward, position: .end, maximumCount: 7, resolveLinks: false, requireLeader: true)
    var direct = ByteBuffer()
    try FrameEncoder().encode(message, correlationID: id, into: &direct)
    #expect(try direct == bytes(of: message.frame(correlationID: id)))
  }

  @Test("A command without a name is kept, and is called by its number")
  func unknownCommand() throws {
    let frame = Frame(command: Command(rawValue: 0x55), correlationID: id)
    #expect(try decoded([bytes(of: frame)]) == [frame])
    #expect(frame.command.description == "85")
    #expect(Command.writeEvents.description == "WriteEvents")
  }
}
