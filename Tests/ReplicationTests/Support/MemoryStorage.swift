import EventArchive
import EventStoreCore

/// An archive's files in memory, so that many small archives cost nothing.
final class MemoryStorage: ArchiveStorage {
  private struct State {
    var files: [String: MemoryFile] = [:]
    var directories: Set<String> = []
    var isLocked = false
    var syncs = 0
  }

  let location = "memory"
  private let state = Locked(State())

  /// What every file holds, but for the lock's.
  var contents: [String: [UInt8]] {
    state.withLock { $0.files.filter { !$0.key.hasSuffix("lock") }.mapValues(\.bytes) }
  }

  /// How many files were ever synced.
  var syncs: Int { state.withLock { $0.files.values.reduce(0) { $0 + $1.syncs } } }

  /// Whether somebody holds the archive's lock.
  var isLocked: Bool { state.withLock { $0.isLocked } }

  /// Damages a file.
  func flipBit(in path: String, at offset: Int) {
    state.withLock { $0.files[path] }?.flipBit(at: offset)
  }

  func prepare() throws(ArchiveError) {
    state.withLock { _ = $0.directories.insert("") }
  }

  func makeDirectory(_ path: String) throws(ArchiveError) {
    state.withLock { _ = $0.directories.insert(path) }
  }

  func list(_ path: String) throws(ArchiveError) -> [String]? {
    state.withLock { state in
      guard state.directories.contains(path) else { return nil }
      let prefix = path.isEmpty ? "" : path + "/"
      let below = (Array(state.files.keys) + state.directories).filter { $0.hasPrefix(prefix) && $0 != path }
      let names = below.compactMap { $0.dropFirst(prefix.count).split(separator: "/").first.map(String.init) }
      return Set(names).sorted()
    }
  }

  func create(_ path: String) throws(ArchiveError) -> any AppendableFile {
    let file = MemoryFile()
    let isNew = state.withLock { state in
      guard state.files[path] == nil else { return false }
      state.files[path] = file
      return true
    }
    guard isNew else { throw ArchiveError(.ioFailed, "the file is there already", path: path) }
    return file
  }

  func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile {
    guard let file = state.withLock({ $0.files[path] }) else {
      throw ArchiveError(.ioFailed, "there is no such file", path: path)
    }
    return file
  }

  func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)? {
    state.withLock { $0.files[path] }
  }

  func rename(_ path: String, to newPath: String) throws(ArchiveError) {
    state.withLock { $0.files[newPath] = $0.files.removeValue(forKey: path) }
  }

  func remove(_ path: String) throws(ArchiveError) {
    state.withLock { $0.files[path] = nil }
  }

  func syncDirectory(_ path: String) throws(ArchiveError) {}

  func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock {
    let isTaken = state.withLock { state in
      defer { state.isLocked = true }
      return state.isLocked
    }
    if isTaken { throw ArchiveError(.locked, "the archive is locked") }
    return MemoryLock { [self] in state.withLock { $0.isLocked = false } }
  }
}

private final class MemoryFile: AppendableFile, ReadableFile {
  private let content = Locked<[UInt8]>([])
  private let syncCount = Locked(0)

  var bytes: [UInt8] { content.withLock { $0 } }
  var syncs: Int { syncCount.withLock { $0 } }

  func flipBit(at offset: Int) { content.withLock { $0[offset] ^= 1 } }

  func size() throws(ArchiveError) -> Int { content.withLock { $0.count } }
  func modified() throws(ArchiveError) -> Timestamp { Timestamp(ticks: 0) }
  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    let added = Array(bytes)
    content.withLock { $0 += added }
  }
  func sync() throws(ArchiveError) { syncCount.withLock { $0 += 1 } }
  func truncate(to size: Int) throws(ArchiveError) {
    content.withLock { $0.removeLast(max(0, $0.count - size)) }
  }
  func close() {}

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ArchiveError) -> Int {
    let found = content.withLock { Array($0.dropFirst(offset).prefix(buffer.count)) }
    buffer.copyBytes(from: found)
    return found.count
  }
}

private final class MemoryLock: ArchiveLock {
  private let onRelease: @Sendable () -> Void

  init(_ onRelease: @escaping @Sendable () -> Void) {
    self.onRelease = onRelease
  }

  func release() { onRelease() }
}
