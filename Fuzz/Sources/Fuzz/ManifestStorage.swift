@testable import EventArchive
@testable import EventStoreCore

/// An archive that has a manifest, and no other file.
struct ManifestStorage: ArchiveStorage {
  let location = "memory"
  let manifest: [UInt8]

  func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)? {
    path == "manifest.ndjson" ? MemoryFile(content: manifest) : nil
  }

  func list(_ path: String) throws(ArchiveError) -> [String]? { nil }

  func prepare() throws(ArchiveError) { throw Self.readOnly }
  func makeDirectory(_ path: String) throws(ArchiveError) { throw Self.readOnly }
  func create(_ path: String) throws(ArchiveError) -> any AppendableFile { throw Self.readOnly }
  func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile { throw Self.readOnly }
  func rename(_ path: String, to newPath: String) throws(ArchiveError) { throw Self.readOnly }
  func remove(_ path: String) throws(ArchiveError) { throw Self.readOnly }
  func syncDirectory(_ path: String) throws(ArchiveError) { throw Self.readOnly }
  func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock { throw Self.readOnly }

  private static let readOnly = ArchiveError(.accessDenied, "this archive is only read")
}

/// A file in memory; claims that nobody reads outside of it.
final class MemoryFile: ReadableFile {
  private let content: [UInt8]

  init(content: [UInt8]) {
    self.content = content
  }

  func size() throws(ArchiveError) -> Int { content.count }

  func modified() throws(ArchiveError) -> Timestamp { Timestamp(ticks: 0) }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ArchiveError) -> Int {
    claim((0...content.count).contains(offset), "byte \(offset) of a file of \(content.count) is asked for")
    let part = content[offset...].prefix(buffer.count)
    buffer.copyBytes(from: part)
    return part.count
  }

  func close() {}
}
