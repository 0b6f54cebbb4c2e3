package import EventStoreCore

/// Some streams, found by the bytes of their names without making a name of them.
package struct WantedStreams: Sendable {
  /// Their names.
  let names: Set<StreamName>
  // Most names differ in length or in their last byte from those that are wanted: they are told apart without hashing.
  private let endings: Set<UInt64>

  /// These streams.
  package init(_ names: Set<StreamName>) {
    self.names = names
    endings = Set(names.map { name in name.utf8.withUnsafeBytes { Self.ending(of: $0) } })
  }

  /// Whether the stream of this name is one of them.
  func contains(_ name: UnsafeRawBufferPointer) -> Bool {
    endings.contains(Self.ending(of: name)) && names.contains(StreamName(utf8: Array(name)))
  }

  /// Whether this stream is one of them.
  func contains(_ name: StreamName) -> Bool {
    names.contains(name)
  }

  /// The length and the last bytes of a name.
  private static func ending(of name: UnsafeRawBufferPointer) -> UInt64 {
    name.suffix(4).reduce(UInt64(name.count)) { $0 << 8 | UInt64($1) }
  }
}
