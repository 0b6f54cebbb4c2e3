import EventStoreCore

/// The streams of a log: where the events of each are, and what its metadata say.
struct StreamTable {
  /// A stream's place in the table.
  typealias Index = UInt32

  /// One stream.
  struct Stream {
    let name: StreamName
    /// The places of its events among the log's records: event number n is at n.
    fileprivate(set) var records: ContiguousArray<UInt32> = []
    /// Whether it is hard-deleted.
    fileprivate(set) var isDeleted = false
    /// What the newest event of its metadata stream says; nil when there is none, or it cannot be read.
    fileprivate(set) var metadata: StreamMetadata?

    /// The number of its last event, -1 when it has none.
    var lastNumber: EventNumber { EventNumber(records.count) - 1 }
  }

  /// What a read has to know of a stream, whether the table has it or not.
  struct View {
    /// Its place; nil when nothing was ever said about it.
    var index: Index?
    /// The number of its last event, -1 when it has none, `EventNumber.deleted` after a hard delete.
    var lastNumber: EventNumber
    /// What limits its reads.
    var metadata: StreamMetadata

    /// Whether it is hard-deleted, or the metadata stream of one that is.
    var isDeleted: Bool { lastNumber == .deleted }
    /// Whether reads find no stream.
    var isMissing: Bool { lastNumber < 0 || metadata.isSoftDeleted }
  }

  private var indices: [StreamName: Index] = [:]
  private var streams = ContiguousArray<Stream>()

  subscript(index: Index) -> Stream { streams[Int(index)] }

  /// The place of a stream; nil when nothing was ever said about it.
  func find(_ name: StreamName) -> Index? { indices[name] }

  /// The place of a stream, new when there was none.
  mutating func findOrAdd(_ name: StreamName) -> Index {
    if let index = indices[name] { return index }
    let index = Index(streams.count)
    streams.append(Stream(name: name))
    indices[name] = index
    return index
  }

  /// The number of the stream's last event, -1 when it has none, `EventNumber.deleted` after a hard delete.
  func lastNumber(_ name: StreamName) -> EventNumber {
    guard let index = find(name) else { return -1 }
    return self[index].isDeleted ? .deleted : self[index].lastNumber
  }

  /// What a stream's metadata say; a metadata stream always keeps one event.
  func metadata(_ name: StreamName) -> StreamMetadata {
    if name.isMetadataStream { return StreamMetadata(maximumCount: 1) }
    return find(name).flatMap { self[$0].metadata } ?? StreamMetadata()
  }

  /// The stream as a read sees it.
  func view(_ name: StreamName) -> View {
    var last = lastNumber(name)
    if let described = name.describedStream, lastNumber(described) == .deleted { last = .deleted }
    return View(index: find(name), lastNumber: last, metadata: metadata(name))
  }

  /// The stream has one more event.
  mutating func add(record: Int, to stream: Index) {
    streams[Int(stream)].records.append(UInt32(record))
  }

  /// The stream was hard-deleted.
  mutating func delete(_ stream: Index) {
    streams[Int(stream)].isDeleted = true
  }

  /// The stream has new metadata.
  mutating func setMetadata(_ metadata: StreamMetadata?, of stream: Index) {
    streams[Int(stream)].metadata = metadata
  }
}
