import EventArchive
import EventStoreCore
import Foundation

/// The tiny archive of ARCHIVE-FORMAT.md, "Worked example", and what the document says of it.
enum WorkedExample {
  static let description = ArchiveDescription(
    id: EventID(high: 0x0b5e_5c1d_7a00_4c11, low: 0x9d1a_0000_0000_0001), created: time("20:00:00.0000000"),
    tool: "eventvault 0.1.0", scope: .all(includeSystem: false), source: "tcp://127.0.0.1:1113", protocolName: "tcp",
    serverVersion: "4.1.4")

  /// The end of the source when it was read: a system event, which was left out.
  static let checkpoint = Position(commit: 900, prepare: 900)
  static let checkpointID = EventID(high: 0xf1f4_c1d8_0000_4000, low: 0x8000_0000_0000_0005)

  static let events: [RecordedEvent] = [
    event(
      1, "orders-1", 0, "OrderPlaced", isJSON: true, data: Bytes(#"{"total":12.50}"#),
      metadata: Bytes(#"{"user":"u1"}"#)),
    event(2, "orders-1", 1, "OrderPaid", isJSON: true, data: Bytes("{ \"pretty\":\n  true }\n")),
    event(3, "Straße 7", 0, "Thumbnail", isJSON: false, data: Bytes([0xFF, 0xD8, 0x00, 0x0A])),
    event(4, "orders-1", 2, "$>", isJSON: false, data: Bytes("0@Straße 7")),
  ]

  private static func event(
    _ index: UInt64, _ stream: StreamName, _ number: EventNumber, _ type: EventType, isJSON: Bool, data: Bytes,
    metadata: Bytes = Bytes()
  ) -> RecordedEvent {
    let position = Int64(index) * 200
    return RecordedEvent(
      stream: stream, number: number, id: EventID(high: 0xf1f4_c1d8_0000_4000, low: 0x8000_0000_0000_0000 + index),
      type: type, isJSON: isJSON, data: data, metadata: metadata,
      created: time("19:20:0\(index).1234567"), position: Position(commit: position, prepare: position))
  }

  private static func time(_ time: String) -> Timestamp {
    guard let time = Timestamp("2026-11-23T\(time)Z") else { preconditionFailure("the example has a bad time") }
    return time
  }

  /// Writes the archive: two frames, one segment, and the checkpoint.
  static func write(to storage: any ArchiveStorage) async throws {
    let options = ArchiveOptions(compressionLevel: 3, maximumFrameBytes: 580, anchorCount: 2)
    let writer = try await ArchiveWriter.open(storage: storage, creating: description, options: options) {
      time("20:00:01.0000000")
    }
    do {
      try await writer.append(events)
      try await writer.recordCheckpoint(checkpoint, anchors: [Anchor(position: checkpoint, id: checkpointID)])
      try await writer.finish()
    } catch {
      await writer.abandon()
      throw error
    }
  }
}
