public import EventStoreCore
internal import EventStoreTCP

extension EventStoreClient {
  /// What a stream's metadata tell the server; empty when there are none, or the server takes no notice of them.
  ///
  /// ```swift
  /// let metadata = try await client.streamMetadata(of: "ponies")
  /// print(metadata.maximumCount as Any, metadata.acl?.readers as Any)
  /// ```
  /// - Throws: `streamDeleted`, `accessDenied`, and those of the connection.
  public func streamMetadata(of stream: StreamName) async throws -> StreamMetadata {
    guard let event = try await rawStreamMetadata(of: stream) else { return StreamMetadata() }
    return StreamMetadata(json: event.data) ?? StreamMetadata()
  }

  /// The event whose data are the JSON text of a stream's metadata, the stream's own keys among them; nil when there is none.
  ///
  /// ```swift
  /// let event = try await client.rawStreamMetadata(of: "ponies")
  /// print(event?.number ?? -1, event?.data ?? "{}")
  /// ```
  /// - Throws: as `streamMetadata`.
  public func rawStreamMetadata(of stream: StreamName) async throws -> RecordedEvent? {
    switch try await tcp.readEvent(stream.metadataStream, number: .streamEnd, resolveLinks: false) {
    case .found(let event): return event.event
    case .notFound, .noStream: return nil
    case .streamDeleted: throw EventStoreError.deleted(stream)
    }
  }

  /// Replaces a stream's metadata, all of them: keys of its own are gone.
  ///
  /// ```swift
  /// var metadata = try await client.streamMetadata(of: "ponies")
  /// metadata.maximumCount = 1000
  /// try await client.setStreamMetadata(of: "ponies", metadata)
  /// ```
  /// - Parameter expectedVersion: of the metadata, not of the stream: the number of the event that `rawStreamMetadata` gives.
  /// - Throws: as `publish`; `invalidArgument` for a value that no server takes.
  @discardableResult
  public func setStreamMetadata(
    of stream: StreamName, _ metadata: StreamMetadata, expectedVersion: ExpectedVersion = .any
  ) async throws -> AppendResult {
    let json = metadata.json
    guard StreamMetadata(json: json) == metadata else {
      throw EventStoreError(
        .invalidArgument, "servers take no notice of such metadata: \(json)", stream: stream,
        hint: "counts are at least 1, durations whole seconds")
    }
    return try await setRawStreamMetadata(of: stream, json, expectedVersion: expectedVersion)
  }

  /// Replaces a stream's metadata by this JSON text.
  ///
  /// ```swift
  /// try await client.setRawStreamMetadata(of: "ponies", #"{"$maxCount": 1000, "owner": "applejack"}"#)
  /// ```
  /// - Parameter expectedVersion: of the metadata, not of the stream: the number of the event that `rawStreamMetadata` gives.
  /// - Throws: as `publish`.
  @discardableResult
  public func setRawStreamMetadata(
    of stream: StreamName, _ json: Bytes, expectedVersion: ExpectedVersion = .any
  ) async throws -> AppendResult {
    let event = NewEvent(type: .streamMetadata, isJSON: true, data: json)
    return try await publish(to: stream.metadataStream, [event], expectedVersion: expectedVersion)
  }
}
