/// What one writer has added to an archive so far.
package struct ArchiveTotals: Hashable, Sendable {
  /// Events taken by `append`.
  package var events = 0
  /// Their lines.
  package var rawBytes = 0
  /// What was written to segments, after compression.
  package var compressedBytes = 0
  /// Segments sealed.
  package var segments = 0

  package init() {}
}
