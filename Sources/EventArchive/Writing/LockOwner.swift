internal import EventStoreCore
internal import Glibc

/// What `lock.json` says, for people.
enum LockOwner {
  /// This process, as one line of JSON.
  static func text(tool: String, since: Timestamp) -> String {
    var name = [CChar](repeating: 0, count: 256)
    let isNamed = gethostname(&name, name.count - 1) == 0
    let host =
      isNamed ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "unknown"
    let value = JSONValue.object([
      .init("owner", .string(tool)), .init("host", .string(host)), .init("process", .integer(getpid())),
      .init("since", .string(since.description)),
    ])
    return String(decoding: value.encoded, as: UTF8.self) + "\n"
  }
}
