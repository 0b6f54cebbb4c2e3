public import EventStoreCore

/// What an archive is: the first line of its manifest, which never changes.
public struct ArchiveDescription: Hashable, Sendable {
  /// The version of the format that this program reads and writes.
  public static let formatVersion = 1

  /// The archive's own identity.
  public var id: EventID
  /// When it was created.
  public var created: Timestamp
  /// The program that created it, with its version.
  public var tool: String
  /// What it is meant to hold.
  public var scope: ArchiveScope
  /// Which of the scope's events it is meant to hold; only with `$all` anything but everything.
  package var filter = EventFilter.everything
  /// The source's address, without secrets.
  public var source: String
  /// The protocol it is read by, `tcp` for example.
  public var protocolName: String
  /// The version of the source's server, where it is known.
  public var serverVersion: String?

  public init(
    id: EventID = EventID(), created: Timestamp, tool: String, scope: ArchiveScope, source: String,
    protocolName: String, serverVersion: String? = nil
  ) {
    self.id = id
    self.created = created
    self.tool = tool
    self.scope = scope
    self.source = source
    self.protocolName = protocolName
    self.serverVersion = serverVersion
  }

  /// What it is meant to hold, in words: scope and filter.
  package var contents: String {
    filter.takesEverything ? "\(scope)" : "\(scope), \(filter)"
  }
}
