package import EventStoreCore

/// A frame as it stands in a segment.
package struct CompressedFrame: Sendable {
  /// The zstd frame.
  package var bytes: Bytes
  /// The SHA-256 of `bytes`.
  package var digest: SHA256Digest
  /// How many bytes of NDJSON the frame holds.
  package var contentBytes: Int
  /// What the lines hold.
  package var summary: FrameSummary

  package init(bytes: Bytes, digest: SHA256Digest, contentBytes: Int, summary: FrameSummary) {
    self.bytes = bytes
    self.digest = digest
    self.contentBytes = contentBytes
    self.summary = summary
  }
}
