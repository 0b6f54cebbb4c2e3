/// What reading a whole archive showed.
public struct VerificationReport: Hashable, Sendable {
  /// Everything that is wrong, in the order it was found; empty for a sound archive.
  public var faults: [ArchiveFault] = []
  /// What is unusual but no fault: an open segment, a torn tail.
  public var notes: [String] = []
  /// What the archive is; nil when the manifest does not say.
  public var description: ArchiveDescription?
  /// The SHA-256 of the manifest's last line, to be kept elsewhere; nil when there is no manifest.
  public var headDigest: SHA256Digest?
  /// Sealed segments that were read.
  public var segments = 0
  /// Events that were decoded.
  public var events = 0
  /// Compressed bytes that were read.
  public var compressedBytes = 0
  /// The size of the lines.
  public var rawBytes = 0

  /// Whether nothing is wrong.
  public var isSound: Bool { faults.isEmpty }
}
