@testable import EventArchive
@testable import EventStoreCore

/// A few events that differ in everything a line can show.
enum SampleEvents {
  static let all: [RecordedEvent] = [
    event(0, data: #"{"order":1,"lines":[{"sku":"a","price":12.50}]}"#, metadata: #"{"$correlationId":"x"}"#),
    event(1, type: "OrderShipped", data: "[true,null,-1e3,\"\\u00e9\\n\"]"),
    event(2, isJSON: false, data: Bytes([0, 1, 0xFF, 0xFE]), metadata: "plain text\twith \"quotes\" \\"),
    event(0, in: "$$orders-1", type: "$metadata", data: #"{"$maxCount":3,"$tb":1,"$acl":{"$r":["ops","$all"]}}"#),
    event(5, in: StreamName(utf8: [0xFF, 0x00]), type: "$>", isJSON: false, data: "0@orders-1"),
    event(3, created: Timestamp(milliseconds: 1_700_000_000_123), position: nil),
  ]

  /// The lines of events, each with its LF.
  static func content(_ events: [RecordedEvent]) throws -> [UInt8] {
    let buffer = LineBuffer()
    var encoder = EventLineEncoder()
    for event in events { try encoder.append(event, to: buffer) }
    return Array(buffer.copy())
  }

  private static func event(
    _ number: EventNumber, in stream: StreamName = "orders-1", type: EventType = "OrderPlaced", isJSON: Bool = true,
    data: Bytes = Bytes(), metadata: Bytes = Bytes(), created: Timestamp = Timestamp(ticks: 17_954_616_011_234_567),
    position: Position? = Position(commit: 4711, prepare: 4700)
  ) -> RecordedEvent {
    RecordedEvent(
      stream: stream, number: number, id: EventID(high: 0xF1F4_C1D8_0000_4000, low: 0x8000_0000_0000_0001), type: type,
      isJSON: isJSON, data: data, metadata: metadata, created: created, position: position)
  }
}
