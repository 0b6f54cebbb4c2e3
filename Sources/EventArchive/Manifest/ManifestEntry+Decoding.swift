internal import EventStoreCore

// How JSON becomes an entry: everything that must be there is, and makes sense by itself.

extension ManifestEntry {
  /// The entry that a line's object is.
  init(_ object: JSONObject) throws(ManifestFailure) {
    switch try object.string("kind") {
    case "archive":
      let version = try object.int64("version")
      guard version == ArchiveDescription.formatVersion else {
        throw ManifestFailure("the format has version \(version), this program knows version 1", isNewer: true)
      }
      self = .archive(try ArchiveDescription(object))
    case "segment": self = .segment(try SegmentRecord(object))
    case "checkpoint": self = .checkpoint(try CheckpointRecord(object))
    case "gap": self = .gap(try ArchiveGap(object))
    case "rewrite": self = .rewrite(try RewriteRecord(object))
    case let kind: throw ManifestFailure("this program does not know lines of the kind \(kind)", isNewer: true)
    }
  }
}

extension ArchiveDescription {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    self.init(
      id: try object.id("id"), created: try object.timestamp("created"), tool: try object.string("tool"),
      scope: try ArchiveScope(object), source: try object.string("source"),
      protocolName: try object.string("protocol"),
      serverVersion: object.has("serverVersion") ? try object.string("serverVersion") : nil)
    if scope.isOrderedByPosition { filter = try EventFilter(object.object("filters")) }
  }
}

extension EventFilter {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    self.init(
      includeStreams: try Self.patterns("includeStreams", of: object),
      excludeStreams: try Self.patterns("excludeStreams", of: object),
      includeTypes: try Self.patterns("includeTypes", of: object),
      excludeTypes: try Self.patterns("excludeTypes", of: object))
  }

  private static func patterns(_ key: String, of object: JSONObject) throws(ManifestFailure) -> [NamePattern] {
    object.has(key) ? try object.strings(key).map { NamePattern($0) } : []
  }
}

extension ArchiveScope {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    switch try object.value("scope") {
    case .string("$all"):
      self = .all(includeSystem: try object.object("filters").bool("includeSystem"))
    case .array:
      var streams: [StreamName] = []
      for element in try object.objects("scope") { streams.append(try element.stream()) }
      guard !streams.isEmpty else { throw ManifestFailure("scope names no stream") }
      self = .list(streams)
    case .string, .number, .bool, .null, .object:
      throw ManifestFailure("scope is neither $all nor a list of streams")
    }
  }
}

extension SegmentRecord {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    self.init(
      sequence: try object.count("sequence"), file: try object.string("file"), events: try object.count("events"),
      streams: try object.count("streams"), compressedBytes: try object.count("compressedBytes"),
      rawBytes: try object.count("rawBytes"), digest: try object.digest("sha256"),
      indexDigest: try object.digest("indexSha256"), first: try Edge(object.object("first")),
      last: try Edge(object.object("last")), anchors: try Anchor.list(object),
      progress: try StreamProgress.list(object),
      recorded: try object.timestamp("recorded"))
    guard sequence > 0, events > 0, streams > 0 else { throw ManifestFailure("the segment is empty") }
    guard ArchiveLayout.isSegmentFile(file) else {
      throw ManifestFailure("file does not name a file of the archive")
    }
  }
}

extension SegmentRecord.Edge {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    self.init(
      position: object.has("position") ? try object.position("position") : nil,
      created: try object.timestamp("created"))
  }
}

extension CheckpointRecord {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    self.init(
      position: try object.position("position"), anchors: try Anchor.list(object),
      recorded: try object.timestamp("recorded"))
  }
}

extension ArchiveGap {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    let extent: Extent
    if object.has("after") {
      extent = .positions(after: try object.position("after"), before: try object.position("before"))
    } else if object.has("firstNumber") {
      let (first, last) = (try object.natural("firstNumber"), try object.natural("lastNumber"))
      guard first <= last else { throw ManifestFailure("lastNumber comes before firstNumber") }
      extent = .numbers(try object.stream(), first...last)
    } else {
      extent = .stream(try object.stream())
    }
    self.init(extent, reason: try object.string("reason"), recorded: try object.timestamp("recorded"))
  }
}

extension RewriteRecord {
  fileprivate init(_ object: JSONObject) throws(ManifestFailure) {
    let (first, last) = (try object.count("firstReplaced"), try object.count("lastReplaced"))
    guard first <= last else { throw ManifestFailure("lastReplaced comes before firstReplaced") }
    replaced = first...last
    segments = []
    for element in try object.objects("segments") { segments.append(try SegmentRecord(element)) }
    reason = try object.string("reason")
    recorded = try object.timestamp("recorded")
  }
}

extension Anchor {
  fileprivate static func list(_ object: JSONObject) throws(ManifestFailure) -> [Anchor] {
    guard object.has("anchors") else { return [] }
    var anchors: [Anchor] = []
    for element in try object.objects("anchors") {
      anchors.append(Anchor(position: try element.position("position"), id: try element.id("id")))
    }
    return anchors
  }
}

extension StreamProgress {
  fileprivate static func list(_ object: JSONObject) throws(ManifestFailure) -> [StreamProgress] {
    guard object.has("progress") else { return [] }
    var progress: [StreamProgress] = []
    for element in try object.objects("progress") {
      progress.append(
        StreamProgress(stream: try element.stream(), number: try element.natural("number"), id: try element.id("id")))
    }
    return progress
  }
}
