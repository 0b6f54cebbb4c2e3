import EventStoreCore
import EventStoreWire
import GoldenTraffic
import NIOCore
import Testing

@Suite("Frames of a real server")
struct GoldenFrameTests {
  /// Frames that the server refused, and so does our decoder: an empty login and password.
  private static let refused: Set = ["authenticate_none 7 Authenticate"]

  @Test("Row 36: every recorded frame decodes to its header, and encodes to its bytes")
  func frames() throws {
    let all = try RecordedFrame.all()
    #expect(all.count > 2900)
    for recorded in all where !Self.refused.contains(recorded.description) {
      let frame = try recorded.frame()
      #expect(frame.command.rawValue == recorded.step.commandByte, "\(recorded)")
      #expect(frame.flags.rawValue == recorded.step.flags, "\(recorded)")
      #expect(frame.correlationID.description == recorded.step.correlation, "\(recorded)")
      #expect(frame.credentials?.login == recorded.step.auth?.login, "\(recorded)")
      #expect(frame.credentials?.password == recorded.step.auth?.password, "\(recorded)")
      var bytes = ByteBuffer()
      try FrameEncoder().encode(data: frame, out: &bytes)
      #expect(bytes == recorded.bytes, "\(recorded)")
    }
  }

  @Test("Row 36: every message of the server encodes to its bytes")
  func serverMessages() throws {
    var count = 0
    for recorded in try RecordedFrame.all() where recorded.step.direction == .server {
      let frame = try recorded.frame()
      let message = try #require(try MessageCatalog.message(in: frame), "\(recorded)")
      #expect(message.command == frame.command)
      var payload = ByteBuffer()
      message.encode(into: &payload)
      #expect(payload == frame.payload, "\(recorded)")
      count += 1
    }
    #expect(count > 1400)
  }

  /// What the client of the recordings sent otherwise than ours would, or cannot be read as a message, and why.
  private static let exceptions: [String: String] = {
    let reasons = [
      "hard_delete left out": [
        "delete_denied 19 DeleteStream", "not_master 17 DeleteStream", "not_master 39 DeleteStream",
        "not_ready_no_quorum 17 DeleteStream", "not_ready_no_quorum 39 DeleteStream", "quorum_lost 19 DeleteStream",
        "quorum_lost 41 DeleteStream",
      ],
      "metadata said to be JSON, or of an unknown kind": [
        "links 29 WriteEvents", "read_event 3 WriteEvents", "write_batch_50 3 WriteEvents",
        "write_shapes 3 WriteEvents", "write_shapes 5 WriteEvents", "write_shapes 15 WriteEvents",
        "write_shapes 17 WriteEvents",
      ],
      "metadata left out": ["write_shapes 11 WriteEvents"],
      "data left out": ["write_invalid 11 WriteEvents"],
      "content types left out": ["write_invalid 15 WriteEvents"],
      "expected_version left out": ["write_invalid 19 WriteEvents"],
      "require_leader left out": ["write_invalid 21 WriteEvents"],
      "everything left out": ["write_invalid 23 WriteEvents", "protocol_bad_request 5 ReadEvent"],
      "positions left out": ["protocol_bad_request 11 WriteEventsCompleted"],
      "emptyEventType": ["write_invalid 5 WriteEvents"],
      "badEventID": ["write_invalid 7 WriteEvents", "write_invalid 9 WriteEvents", "write_invalid 13 WriteEvents"],
      "unparsable": ["protocol_bad_request 3 WriteEvents", "protocol_bad_request 19 IdentifyClient"],
      "no such command": [
        "protocol_bad_request 7 Unknown", "protocol_bad_request 9 Unknown", "protocol_bad_request 23 Unknown",
      ],
    ]
    return Dictionary(uniqueKeysWithValues: reasons.flatMap { reason, frames in frames.map { ($0, reason) } })
  }()

  @Test("Row 36: every message of the client encodes to its bytes, but for those that were recorded wrong on purpose")
  func clientMessages() throws {
    var different: Set<String> = []
    for recorded in try RecordedFrame.all()
    where recorded.step.direction == .client && !Self.refused.contains(recorded.description) {
      let frame = try recorded.frame()
      let name = recorded.description
      do throws(WireError) {
        guard let message = try MessageCatalog.message(in: frame) else {
          #expect(Self.exceptions[name] == "no such command", "\(recorded)")
          different.insert(name)
          continue
        }
        var payload = ByteBuffer()
        message.encode(into: &payload)
        if payload != frame.payload { different.insert(name) }
      } catch {
        #expect(Self.exceptions[name] == error.code.rawValue, "\(recorded)")
        different.insert(name)
      }
    }
    #expect(different == Set(Self.exceptions.keys))
  }

  @Test("What was left out of a message reads as its default")
  func leftOut() throws {
    let all = try RecordedFrame.all()
    func write(_ name: String) throws -> WriteEvents {
      try WriteEvents(#require(all.first { $0.description == name }).frame())
    }
    #expect(try write("write_invalid 11 WriteEvents").events.first?.data.isEmpty == true)
    #expect(try write("write_invalid 15 WriteEvents").events.first?.isJSON == false)
    #expect(try write("write_invalid 19 WriteEvents").expectedVersion == 0)
    #expect(try write("write_invalid 21 WriteEvents").requireLeader == false)
    #expect(try write("write_invalid 23 WriteEvents").stream.utf8.isEmpty)
    #expect(try write("write_invalid 3 WriteEvents").stream.utf8.isEmpty)
    #expect(try write("write_invalid 25 WriteEvents").expectedVersion == 1 << 62)
    #expect(try write("write_shapes 11 WriteEvents").events.first?.metadata.isEmpty == true)
  }

  @Test("Every message holds what its recording says it holds")
  func fields() throws {
    var compared = 0
    for recorded in try RecordedFrame.all()
    where !Self.refused.contains(recorded.description) && Self.exceptions[recorded.description] == nil {
      guard let message = try MessageCatalog.message(in: recorded.frame()) else { continue }
      compared += expectAgreement(of: message, with: recorded.step.decoded, "\(recorded)") ? 1 : 0
    }
    #expect(compared > 2400)
  }
}
