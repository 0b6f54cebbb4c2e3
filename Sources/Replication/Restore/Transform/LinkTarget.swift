import EventStoreCore

/// The event that a link leads to: its data is `number@stream`.
struct LinkTarget: Hashable, Sendable {
  var stream: StreamName
  var number: EventNumber

  init(stream: StreamName, number: EventNumber) {
    self.stream = stream
    self.number = number
  }

  /// Reads a link's data; nil when they are not a number, `@`, and a name.
  init?(_ data: Bytes) {
    guard let at = data.firstIndex(of: UInt8(ascii: "@")), at > 0, at <= 19, at + 1 < data.count,
      data[..<at].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = EventNumber(String(decoding: data[..<at], as: UTF8.self))
    else { return nil }
    self.init(stream: StreamName(utf8: Array(data[(at + 1)...])), number: number)
  }

  /// The link's data.
  var data: Bytes { Bytes(Array("\(number)@".utf8) + stream.utf8) }
}
