import EventArchive
import EventStoreCore

/// What `list` prints of an archive, for people and for programs.
struct ArchiveText {
  private let reader: ArchiveReader
  private let directory: String
  private let now: Timestamp

  init(_ reader: ArchiveReader, directory: String, now: Timestamp) {
    self.reader = reader
    self.directory = directory
    self.now = now
  }

  /// What the archive is and how far it reaches.
  var lines: [String] {
    let description = reader.description
    var rows = [
      ("archive", directory), ("id", "\(description.id)"), ("created", "\(description.created) by \(description.tool)"),
      ("source", description.source + serverText), ("holds", description.contents),
      (
        "events",
        "\(QuantityText.count(reader.eventCount)) in \(QuantityText.counted(reader.segments.count, "segment"))"
      ),
      ("size", "\(QuantityText.bytes(compressedBytes)) (\(QuantityText.bytes(rawBytes)) as text)"),
      ("checkpoint", checkpointText), ("head", "\(reader.headDigest)"),
    ]
    if let open = reader.openSegment {
      rows.append(("open segment", "\(open.file), \(QuantityText.counted(open.events, "event"))"))
    }
    rows += reader.gaps.map { ("gap", "\($0.extent): \($0.reason) (\($0.recorded))") }
    rows += reader.notes.map { ("note", $0) }
    return rows.map { $0.0.padded(to: 14) + $0.1 }
  }

  private var serverText: String {
    let version = reader.description.serverVersion.map { " \($0)" } ?? ""
    return " (\(reader.description.protocolName)\(version))"
  }

  private var checkpointText: String {
    guard let checkpoint = reader.checkpoint else { return "none: the archive is empty" }
    let place = checkpoint.position.map { "\($0), " } ?? ""
    return "\(place)\(checkpoint.recorded), \(QuantityText.duration(age(checkpoint.recorded))) ago"
  }

  private func age(_ moment: Timestamp) -> Duration {
    .milliseconds(max(0, now.milliseconds - moment.milliseconds))
  }

  private var compressedBytes: Int {
    reader.segments.reduce(reader.openSegment?.compressedBytes ?? 0) { $0 + $1.compressedBytes }
  }

  private var rawBytes: Int {
    reader.segments.reduce(reader.openSegment?.rawBytes ?? 0) { $0 + $1.rawBytes }
  }

  /// The table of segments.
  var segmentLines: [String] {
    var table = TextTable([
      .text("segment"), .number("events"), .number("streams"), .number("size"), .text("first"), .text("last"),
      .text("sha-256"),
    ])
    for segment in reader.segments {
      table.add([
        segment.file, QuantityText.count(segment.events), QuantityText.count(segment.streams),
        QuantityText.bytes(segment.compressedBytes), "\(segment.first.created)", "\(segment.last.created)",
        "\(segment.digest)",
      ])
    }
    return table.lines
  }

  /// The title over the streams.
  static let streamTitle = line("events", "first", "last", "stream")

  /// One stream on a line.
  static func line(_ stream: StreamSummary) -> String {
    line("\(stream.events)", "\(stream.firstNumber)", "\(stream.lastNumber)", "\(stream.stream)")
  }

  private static func line(_ events: String, _ first: String, _ last: String, _ name: String) -> String {
    [events, first, last].map { $0.padded(to: 10, left: true) }.joined(separator: "  ") + "  " + name
  }
}

// The objects of docs/CLI.md, "list".
extension ArchiveText {
  /// The archive.
  var json: JSONValue {
    let description = reader.description
    var fields: JSONFields = [
      ("kind", "archive"), ("version", 1), ("archiveId", .string("\(description.id)")),
      ("created", .string("\(description.created)")), ("tool", .string(description.tool)),
      ("source", .string(description.source)), ("protocol", .string(description.protocolName)),
    ]
    if let version = description.serverVersion { fields.append(("serverVersion", .string(version))) }
    fields += Self.fields(description.scope) + Self.fields(description.filter)
    fields += [
      ("events", .integer(Int64(reader.eventCount))), ("segments", .integer(Int64(reader.segments.count))),
      ("compressedBytes", .integer(Int64(compressedBytes))), ("rawBytes", .integer(Int64(rawBytes))),
      ("head", .string("\(reader.headDigest)")), ("checkpoint", checkpointJSON),
      ("openSegment", reader.openSegment.map(Self.json) ?? .null), ("gaps", .array(reader.gaps.map(Self.json))),
      ("notes", .array(reader.notes.map { .string($0) })),
    ]
    return .object(fields)
  }

  /// The sealed segments.
  var segmentsJSON: [JSONValue] { reader.segments.map(Self.json) }

  private var checkpointJSON: JSONValue {
    guard let checkpoint = reader.checkpoint else { return .null }
    return .object([
      ("position", JSONValue(checkpoint.position)), ("recorded", .string("\(checkpoint.recorded)")),
      ("ageSeconds", JSONValue(seconds: age(checkpoint.recorded))),
    ])
  }

  /// A stream.
  static func json(_ stream: StreamSummary) -> JSONValue {
    .object([
      ("kind", "stream"), ("version", 1), JSONValue.field(stream.stream), ("events", .integer(Int64(stream.events))),
      ("firstNumber", .integer(stream.firstNumber)), ("lastNumber", .integer(stream.lastNumber)),
    ])
  }

  private static func fields(_ scope: ArchiveScope) -> JSONFields {
    switch scope {
    case .all(let includeSystem): [("scope", "all"), ("includeSystem", .bool(includeSystem))]
    case .streams(let streams):
      [("scope", "streams"), ("streams", .array(streams.map { .string("\($0)") }))]
    }
  }

  private static func fields(_ filter: EventFilter) -> JSONFields {
    let patterns = [
      ("includeStreams", filter.includeStreams), ("excludeStreams", filter.excludeStreams),
      ("includeTypes", filter.includeTypes), ("excludeTypes", filter.excludeTypes),
    ]
    return patterns.compactMap { key, patterns in
      patterns.isEmpty ? nil : (key, .array(patterns.map { .string($0.text) }))
    }
  }

  private static func json(_ segment: SegmentRecord) -> JSONValue {
    .object([
      ("kind", "segment"), ("version", 1), ("sequence", .integer(Int64(segment.sequence))),
      ("file", .string(segment.file)), ("events", .integer(Int64(segment.events))),
      ("streams", .integer(Int64(segment.streams))), ("compressedBytes", .integer(Int64(segment.compressedBytes))),
      ("rawBytes", .integer(Int64(segment.rawBytes))), ("sha256", .string("\(segment.digest)")),
      ("first", json(segment.first)), ("last", json(segment.last)), ("sealed", .string("\(segment.recorded)")),
    ])
  }

  private static func json(_ open: OpenSegment) -> JSONValue {
    .object([
      ("sequence", .integer(Int64(open.sequence))), ("file", .string(open.file)),
      ("events", .integer(Int64(open.events))), ("compressedBytes", .integer(Int64(open.compressedBytes))),
      ("rawBytes", .integer(Int64(open.rawBytes))), ("tornBytes", .integer(Int64(open.tornBytes))),
      ("modified", .string("\(open.modified)")),
    ])
  }

  private static func json(_ edge: SegmentRecord.Edge) -> JSONValue {
    .object([("position", JSONValue(edge.position)), ("created", .string("\(edge.created)"))])
  }

  private static func json(_ gap: ArchiveGap) -> JSONValue {
    .object([
      ("what", .string("\(gap.extent)")), ("reason", .string(gap.reason)), ("recorded", .string("\(gap.recorded)")),
    ])
  }
}

extension String {
  /// The text with spaces up to a width; longer text stays.
  fileprivate func padded(to width: Int, left: Bool = false) -> String {
    let padding = String(repeating: " ", count: Swift.max(0, width - count))
    return left ? padding + self : self + padding
  }
}
