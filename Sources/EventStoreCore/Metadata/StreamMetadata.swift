/// What a stream's metadata tell the server: how much of it can be read, for how long, and by whom.
///
/// Keys of the stream's owner are not part of this value; the bytes in the `$$` stream keep them.
public struct StreamMetadata: Hashable, Sendable {
  /// How many of the newest events can be read (`$maxCount`); at least 1.
  public var maximumCount: Int64?
  /// For how long an event can be read (`$maxAge`); whole seconds, at least 1.
  public var maximumAge: Duration?
  /// The first number that can be read (`$tb`); `EventNumber.deleted` means that the stream is soft-deleted.
  public var truncateBefore: EventNumber?
  /// For how long an answer over HTTP can be cached (`$cacheControl`); whole seconds, at least 1.
  public var cacheControl: Duration?
  /// Who may use the stream (`$acl`).
  public var acl: StreamACL?

  public init(
    maximumCount: Int64? = nil, maximumAge: Duration? = nil, truncateBefore: EventNumber? = nil,
    cacheControl: Duration? = nil, acl: StreamACL? = nil
  ) {
    self.maximumCount = maximumCount
    self.maximumAge = maximumAge
    self.truncateBefore = truncateBefore
    self.cacheControl = cacheControl
    self.acl = acl
  }

  /// The metadata that these bytes say: a JSON object; nil when it is none, or a key the server knows has a value it refuses.
  ///
  /// A server then behaves as if there were no metadata at all.
  public init?(json: some Collection<UInt8>) {
    guard let object = RawJSON(parsing: json), case .object = object else { return nil }
    guard let maximumCount = Self.integer(object["$maxCount"], from: 1),
      let maximumAge = Self.integer(object["$maxAge"], from: 1),
      let truncateBefore = Self.integer(object["$tb"], from: 0),
      let cacheControl = Self.integer(object["$cacheControl"], from: 1)
    else { return nil }
    self.init(
      maximumCount: maximumCount, maximumAge: maximumAge.map { .seconds($0) }, truncateBefore: truncateBefore,
      cacheControl: cacheControl.map { .seconds($0) })
    if let list = object["$acl"], list != .null {
      guard let acl = StreamACL(list) else { return nil }
      self.acl = acl
    }
  }

  /// The JSON text that says this, without what is nil.
  public var json: Bytes {
    var members: [RawJSON.Member] = []
    for (name, value) in [
      ("$maxCount", maximumCount), ("$maxAge", maximumAge?.components.seconds), ("$tb", truncateBefore),
      ("$cacheControl", cacheControl?.components.seconds),
    ] {
      guard let value else { continue }
      members.append(RawJSON.Member(name: Array(name.utf8), value: .number(Array("\(value)".utf8))))
    }
    if let acl { members.append(RawJSON.Member(name: Array("$acl".utf8), value: acl.json)) }
    return Bytes(RawJSON.object(members).compactText)
  }

  /// Whether the stream is soft-deleted.
  public var isSoftDeleted: Bool { truncateBefore == .deleted }

  /// The event data that a soft delete writes.
  public static let softDeleted: Bytes = "{\"$tb\":9223372036854775807}"

  /// The value of a key, nil inside when it is absent; nil when it is there and refused.
  private static func integer(_ json: RawJSON?, from minimum: Int64) -> Int64?? {
    guard let json, json != .null else { return .some(nil) }
    guard let value = json.integer, value >= minimum else { return nil }
    return value
  }
}
