/// Where a frame of a sealed segment is, and how large, as the seek table says.
package struct FrameLocation: Hashable, Sendable {
  /// Where in the file the frame begins.
  package var offset: Int
  /// How many bytes the frame has.
  package var compressedBytes: Int
  /// How many bytes of NDJSON it holds.
  package var contentBytes: Int

  /// Where in the file the frame ends.
  package var end: Int { offset + compressedBytes }
}
