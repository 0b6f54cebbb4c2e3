import EventStoreCore

/// Which streams a restore takes from the archive, and a comparison with it.
struct RestoreScope: Hashable, Sendable {
  /// The streams named by the user, nil for all.
  let named: Set<StreamName>?
  /// Whether system streams are taken when nobody named them.
  let includeSystem: Bool

  init(_ configuration: RestoreConfiguration) {
    named = configuration.streams.map(Set.init)
    includeSystem = configuration.includeSystem
  }

  /// The metadata of a stream are compared with it, so naming them names the stream.
  init(_ configuration: CompareConfiguration) {
    named = configuration.streams.map { Set($0.map { $0.describedStream ?? $0 }) }
    includeSystem = configuration.includeSystem
  }

  /// The streams named by the user and their metadata streams, nil for all.
  var namedAndMetadata: Set<StreamName>? {
    named.map { $0.union($0.map(\.metadataStream)) }
  }

  /// Whether the stream is restored: asked for by name, or the metadata of one that is, or not a system stream.
  func takes(_ stream: StreamName) -> Bool {
    guard let named else { return includeSystem || !stream.isSystem }
    return named.contains(stream) || stream.describedStream.map(named.contains) ?? false
  }

  /// Whether the user asked for exactly this stream.
  func names(_ stream: StreamName) -> Bool {
    named?.contains(stream) ?? false
  }
}
