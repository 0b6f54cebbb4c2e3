import EventStoreWire
import NIOCore
import TestSupport
import Testing

@Suite("Damaged frames")
struct MutationTests {

  @Test("A recorded frame with damaged bytes is an error or another message, never a crash", arguments: [1, 2, 3, 4])
  func mutations(seed: UInt64) throws {
    var generator = SeededRandom(seed: seed)
    let frames = try RecordedFrame.all().filter { $0.bytes.readableBytes < 20_000 }
    var refused = 0
    var understood = 0
    for recorded in frames {
      var bytes = Array(recorded.bytes.readableBytesView)
      damage(&bytes, &generator)
      var buffer = ByteBuffer(bytes: bytes)
      var decoder = FrameDecoder(maximumFrameBytes: 1 << 20)
      do {
        guard let frame = try decoder.decode(buffer: &buffer), let message = try MessageCatalog.message(in: frame)
        else { continue }
        var payload = ByteBuffer()
        message.encode(into: &payload)
        // What was understood can be said again, and is then understood alike.
        let again = try type(of: message).init(decoding: payload, command: message.command)
        #expect(AnyHashable(again) == AnyHashable(message), "\(recorded), seed \(seed)")
        understood += 1
      } catch is WireError {
        refused += 1
      }
    }
    #expect(refused > 100)
    #expect(understood > 100)
  }

  private func damage(_ bytes: inout [UInt8], _ generator: inout SeededRandom) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: .min ... .max, using: &generator)
      case 1:
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2:
        bytes.insert(
          .random(in: .min ... .max, using: &generator), at: .random(in: 22...bytes.count, using: &generator))
      default:
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        if start >= 22 { bytes.removeSubrange(start..<min(bytes.count, start + 3)) }
      }
    }
  }
}
