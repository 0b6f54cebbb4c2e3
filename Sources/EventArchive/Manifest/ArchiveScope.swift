public import EventStoreCore

/// What an archive is meant to hold.
public enum ArchiveScope: Hashable, Sendable {
  /// Everything that `$all` shows, in its order; without system streams unless they are included.
  case all(includeSystem: Bool)
  /// These streams and no others, each in its own order; sorted, without repeats.
  case streams([StreamName])

  /// The scope of a list of streams, in any order.
  public static func list(_ streams: some Sequence<StreamName>) -> ArchiveScope {
    .streams(Set(streams).sorted())
  }

  /// Whether events have a position, and it orders the archive.
  public var isOrderedByPosition: Bool {
    switch self {
    case .all: true
    case .streams: false
    }
  }
}

extension ArchiveScope: CustomStringConvertible {
  public var description: String {
    switch self {
    case .all(includeSystem: false): "$all without system streams"
    case .all(includeSystem: true): "$all with system streams"
    case .streams(let streams): "the streams " + streams.map(\.description).joined(separator: ", ")
    }
  }
}
