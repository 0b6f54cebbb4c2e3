internal import EventStoreCore

/// Proves an archive: reads everything in it and reports every fault.
public struct ArchiveVerifier: Sendable {
  /// How far a verification has come.
  public struct Progress: Hashable, Sendable {
    /// Compressed bytes read so far.
    public var bytes: Int
    /// All compressed bytes.
    public var totalBytes: Int
    /// Events decoded so far.
    public var events: Int
  }

  private let storage: any ArchiveStorage

  /// A verifier of the archive in `directory`.
  public init(directory: String) {
    storage = LocalStorage(directory: directory)
  }

  /// A verifier of the archive that `storage` holds.
  package init(storage: any ArchiveStorage) {
    self.storage = storage
  }

  /// Reads everything. Blocks its thread while it does.
  ///
  /// - Parameters:
  ///   - expectedHead: A head digest that was kept elsewhere; an archive that does not hold that line any more is faulty.
  ///   - progress: Told after every frame.
  /// - Throws: `notAnArchive`, `newerFormat`, and an error of the storage that hides the manifest; everything else is a
  ///   fault in the report.
  public func verify(
    expectedHead: SHA256Digest? = nil, progress: (Progress) -> Void = { _ in }
  ) throws(ArchiveError) -> VerificationReport {
    var verification = Verification(storage: storage)
    try verification.readManifest(expectedHead: expectedHead)
    verification.readSegments(progress: progress)
    verification.checkStreamOrder()
    return verification.report
  }
}
