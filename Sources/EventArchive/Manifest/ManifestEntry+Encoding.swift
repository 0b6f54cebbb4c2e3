internal import EventStoreCore

// How an entry becomes JSON: the same keys in the same order, always.

extension ManifestEntry {
  /// The members of the line, without those that chain it.
  var members: [JSONValue.Member] {
    switch self {
    case .archive(let description): description.members
    case .segment(let record): [.init("kind", .string("segment"))] + record.members
    case .checkpoint(let record):
      [
        .init("kind", .string("checkpoint")),
        .init("position", record.position.json),
        .init("anchors", .array(record.anchors.map(\.json))),
        .init("recorded", record.recorded.json),
      ]
    case .gap(let gap): [.init("kind", .string("gap"))] + gap.members
    case .rewrite(let record):
      [
        .init("kind", .string("rewrite")),
        .init("firstReplaced", .integer(record.replaced.lowerBound)),
        .init("lastReplaced", .integer(record.replaced.upperBound)),
        .init("segments", .array(record.segments.map { .object($0.members) })),
        .init("reason", .string(record.reason)),
        .init("recorded", record.recorded.json),
      ]
    }
  }
}

extension ArchiveDescription {
  fileprivate var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("kind", .string("archive")),
      .init("version", .integer(Self.formatVersion)),
      .init("id", id.json),
      .init("created", created.json),
      .init("tool", .string(tool)),
    ]
    switch scope {
    case .all(let includeSystem):
      members.append(.init("scope", .string("$all")))
      members.append(.init("filters", .object([.init("includeSystem", .bool(includeSystem))] + filter.members)))
    case .streams(let streams):
      members.append(.init("scope", .array(streams.map { .object([$0.member]) })))
    }
    members.append(.init("source", .string(source)))
    members.append(.init("protocol", .string(protocolName)))
    if let serverVersion { members.append(.init("serverVersion", .string(serverVersion))) }
    return members
  }
}

extension EventFilter {
  /// The patterns of each kind that there are.
  fileprivate var members: [JSONValue.Member] {
    [
      ("includeStreams", includeStreams), ("excludeStreams", excludeStreams), ("includeTypes", includeTypes),
      ("excludeTypes", excludeTypes),
    ].compactMap { key, patterns in
      patterns.isEmpty ? nil : .init(key, .array(patterns.map { .string($0.text) }))
    }
  }
}

extension SegmentRecord {
  fileprivate var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("sequence", .integer(sequence)),
      .init("file", .string(file)),
      .init("events", .integer(events)),
      .init("streams", .integer(streams)),
      .init("compressedBytes", .integer(compressedBytes)),
      .init("rawBytes", .integer(rawBytes)),
      .init("sha256", .string(digest.description)),
      .init("indexSha256", .string(indexDigest.description)),
      .init("first", first.json),
      .init("last", last.json),
    ]
    if !anchors.isEmpty { members.append(.init("anchors", .array(anchors.map(\.json)))) }
    if !progress.isEmpty { members.append(.init("progress", .array(progress.map(\.json)))) }
    members.append(.init("recorded", recorded.json))
    return members
  }
}

extension SegmentRecord.Edge {
  fileprivate var json: JSONValue {
    .object((position.map { [.init("position", $0.json)] } ?? []) + [.init("created", created.json)])
  }
}

extension ArchiveGap {
  fileprivate var members: [JSONValue.Member] {
    let what: [JSONValue.Member] =
      switch extent {
      case .stream(let stream): [stream.member]
      case .numbers(let stream, let numbers):
        [
          stream.member, .init("firstNumber", .integer(numbers.lowerBound)),
          .init("lastNumber", .integer(numbers.upperBound)),
        ]
      case .positions(let after, let before): [.init("after", after.json), .init("before", before.json)]
      }
    return what + [.init("reason", .string(reason)), .init("recorded", recorded.json)]
  }
}

extension Anchor {
  fileprivate var json: JSONValue {
    .object([.init("position", position.json), .init("id", id.json)])
  }
}

extension StreamProgress {
  fileprivate var json: JSONValue {
    .object([stream.member, .init("number", .integer(number)), .init("id", id.json)])
  }
}

extension Position {
  fileprivate var json: JSONValue {
    .object([.init("commit", .integer(commit)), .init("prepare", .integer(prepare))])
  }
}

extension Timestamp {
  fileprivate var json: JSONValue { .string(description) }
}

extension EventID {
  fileprivate var json: JSONValue { .string(description) }
}

extension StreamName {
  /// `stream`, or `streamBase64` for a name that is not UTF-8.
  fileprivate var member: JSONValue.Member {
    if let string { return .init("stream", .string(string)) }
    return .init("streamBase64", .string(Base64Text.encode(utf8)))
  }
}
