import NIOCore

@testable import EventStoreCore
@testable import EventStoreWire

/// The bytes that a connection brings: cut into frames the same way however they arrive.
///
/// The first byte chooses the decoder's settings, the second how the bytes are cut into pieces.
enum FrameTarget: FuzzTarget {
  static let name = "frames"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    samples.frames.map { [0, 7] + $0 } + samples.frames.prefix(200).map { [1, 3] + $0 + $0.dropLast() }
  }

  static func run(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let settings = Settings(byte: input[0])
    let stream = Array(input[2...])
    let whole = Outcome([stream], settings)
    claim(Outcome(pieces(of: stream, seed: input[1]), settings) == whole, "pieces give other frames than the whole")
    if stream.count <= 512 {
      claim(Outcome(stream.map { [$0] }, settings) == whole, "single bytes give other frames than the whole")
    }
    var rest = stream[...]
    for frame in whole.frames {
      let bytes = rest.prefix(4 + encodedLength(rest))
      rest = rest.dropFirst(bytes.count)
      checkEncoding(of: frame, from: bytes)
    }
    claim(whole.frames.allSatisfy { $0.payload.readableBytes <= settings.maximumFrameBytes }, "a frame is too large")
  }

  /// How the bytes are decoded.
  struct Settings {
    let maximumFrameBytes: Int
    let namesRefusedFrames: Bool

    init(byte: UInt8) {
      namesRefusedFrames = byte & 1 == 1
      maximumFrameBytes = [1 << 20, 18, 64, 300][Int(byte >> 1 & 3)]
    }
  }

  /// What a decoder made of pieces: frames, and the error that ended them.
  struct Outcome: Equatable {
    private(set) var frames: [Frame] = []
    private(set) var error: WireError?

    init(_ pieces: [[UInt8]], _ settings: Settings) {
      let processor = NIOSingleStepByteToMessageProcessor(
        FrameDecoder(
          maximumFrameBytes: settings.maximumFrameBytes, namesRefusedFrames: settings.namesRefusedFrames))
      do {
        for piece in pieces { try processor.process(buffer: ByteBuffer(bytes: piece)) { frames.append($0) } }
      } catch let error as WireError {
        self.error = error
      } catch {
        claim(false, "the decoder threw \(error)")
      }
    }
  }

  private static func pieces(of stream: [UInt8], seed: UInt8) -> [[UInt8]] {
    var state = UInt32(seed) &+ 1
    var pieces: [[UInt8]] = []
    var rest = stream[...]
    while !rest.isEmpty {
      state = state &* 1_664_525 &+ 1_013_904_223
      let piece = rest.prefix(1 + Int(state >> 20) % 40)
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  private static func encodedLength(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A frame can be sent again: as the same bytes, unless its login was no UTF-8 and had to be mended.
  private static func checkEncoding(of frame: Frame, from bytes: ArraySlice<UInt8>) {
    var again = ByteBuffer()
    do {
      try FrameEncoder().encode(data: frame, out: &again)
    } catch {
      let login = frame.credentials?.login.utf8.count ?? 0
      let password = frame.credentials?.password.utf8.count ?? 0
      return claim(max(login, password) > 255, "a frame cannot be encoded: \(error)")
    }
    if frame.credentials == nil {
      claim(again.readableBytesView.elementsEqual(bytes), "a frame is encoded otherwise than it was received")
    }
    var decoder = FrameDecoder()
    let decoded = mustNotThrow("a frame that was encoded cannot be decoded") { try decoder.decode(buffer: &again) }
    claim(decoded == frame, "a frame is another one after it was encoded")
  }
}
