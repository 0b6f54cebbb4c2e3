import EventStoreCore

/// What a link event points to: `number@stream`.
struct LinkTarget: Equatable {
  var number: EventNumber
  var stream: StreamName

  /// The target that a link's data name; nil when they name none, which makes a dead link.
  init?(_ data: Bytes) {
    guard let separator = data.firstIndex(of: UInt8(ascii: "@")),
      let number = Int64(String(decoding: data[..<separator], as: UTF8.self)), number >= -1
    else { return nil }
    let name = data[(separator + 1)...]
    guard !name.isEmpty else { return nil }
    self.number = number
    stream = StreamName(utf8: Array(name))
  }
}
