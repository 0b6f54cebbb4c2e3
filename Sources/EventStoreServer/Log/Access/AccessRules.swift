import EventStoreCore

/// A thing that somebody wants to do with a stream.
enum AccessRight: Hashable, Sendable {
  case read, write, delete, readMetadata, writeMetadata
}

/// Who may do what: the stream's own list, else the defaults of `$settings`, else those of the server.
struct AccessRules {
  /// The server's defaults: everybody uses users' streams, only administrators the system's.
  private static let userStreams = ["$all"]
  private static let systemStreams = [Principal.adminsGroup]
  private static let all: StreamName = "$all"

  private var userDefaults: StreamACL?
  private var systemDefaults: StreamACL?

  /// The stream whose last event gives the defaults.
  static let settingsStream: StreamName = "$settings"

  /// The settings changed; bytes that are no settings mean the server's own defaults.
  mutating func settingsWritten(_ data: Bytes) {
    let settings = RawJSON(parsing: data)
    userDefaults = settings?["$userStreamAcl"].flatMap(StreamACL.init)
    systemDefaults = settings?["$systemStreamAcl"].flatMap(StreamACL.init)
  }

  /// Whether `principal`, nil for an anonymous client, has a right to a stream with this ACL.
  ///
  /// A metadata stream has the rights of the stream it describes; it cannot be deleted, and has no metadata of its own.
  func allow(
    _ right: AccessRight, to stream: StreamName, by principal: Principal?, acl: (StreamName) -> StreamACL?
  ) -> Bool {
    if let described = stream.describedStream {
      switch right {
      case .read: return allow(.readMetadata, to: described, by: principal, acl: acl)
      case .write: return allow(.writeMetadata, to: described, by: principal, acl: acl)
      case .delete, .readMetadata, .writeMetadata: return false
      }
    }
    if stream == Self.all, right == .write || right == .delete { return false }
    let list = names(right, in: acl(stream), of: stream)
    if list.contains("$all") { return true }
    guard let principal else { return false }
    return principal.isAdministrator || principal.isNamed(in: list)
  }

  private func names(_ right: AccessRight, in acl: StreamACL?, of stream: StreamName) -> [String] {
    let isSystem = stream.utf8.first == UInt8(ascii: "$")
    let defaults = isSystem ? systemDefaults : userDefaults
    return acl?.names(right) ?? defaults?.names(right) ?? (isSystem ? Self.systemStreams : Self.userStreams)
  }
}

extension StreamACL {
  fileprivate func names(_ right: AccessRight) -> [String]? {
    switch right {
    case .read: readers
    case .write: writers
    case .delete: deleters
    case .readMetadata: metadataReaders
    case .writeMetadata: metadataWriters
    }
  }
}
