import EventArchive
import EventStoreCore

/// A directory whose disk is full at one call, counted from 1 among those that change something; an append has written half of
/// its bytes by then.
final class FullDisk: ArchiveStorage {
  private struct State {
    var calls = 0
    var hasFired = false
  }

  private let storage: LocalStorage
  private let fullAt: Int
  private let state = Locked(State())

  init(directory: String, fullAt call: Int) {
    storage = LocalStorage(directory: directory)
    fullAt = call
  }

  /// Whether the call has come.
  var hasFired: Bool { state.withLock { $0.hasFired } }

  var location: String { storage.location }

  fileprivate func change<Result>(
    _ work: () throws(ArchiveError) -> Result, halfway: () throws(ArchiveError) -> Void = { () throws(ArchiveError) in }
  ) throws(ArchiveError) -> Result {
    let isFull = state.withLock { state in
      state.calls += 1
      if state.calls == fullAt { state.hasFired = true }
      return state.calls == fullAt
    }
    guard !isFull else {
      try halfway()
      throw ArchiveError(.diskFull, "the disk is full")
    }
    return try work()
  }

  func prepare() throws(ArchiveError) {
    try change { () throws(ArchiveError) in try storage.prepare() }
  }

  func makeDirectory(_ path: String) throws(ArchiveError) {
    try change { () throws(ArchiveError) in try storage.makeDirectory(path) }
  }

  func list(_ path: String) throws(ArchiveError) -> [String]? { try storage.list(path) }

  func create(_ path: String) throws(ArchiveError) -> any AppendableFile {
    try change { () throws(ArchiveError) in FullDiskFile(try storage.create(path), on: self) }
  }

  func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile {
    FullDiskFile(try storage.openForAppending(path), on: self)
  }

  func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)? {
    try storage.openForReading(path)
  }

  func rename(_ path: String, to newPath: String) throws(ArchiveError) {
    try change { () throws(ArchiveError) in try storage.rename(path, to: newPath) }
  }

  func remove(_ path: String) throws(ArchiveError) {
    try change { () throws(ArchiveError) in try storage.remove(path) }
  }

  func syncDirectory(_ path: String) throws(ArchiveError) {
    try change { () throws(ArchiveError) in try storage.syncDirectory(path) }
  }

  func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock {
    try change { () throws(ArchiveError) in try storage.lock(path, owner: owner) }
  }
}

private final class FullDiskFile: AppendableFile {
  private let file: any AppendableFile
  private let disk: FullDisk

  init(_ file: any AppendableFile, on disk: FullDisk) {
    self.file = file
    self.disk = disk
  }

  func size() throws(ArchiveError) -> Int { try file.size() }

  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    try disk.change { () throws(ArchiveError) in
      try file.append(bytes)
    } halfway: { () throws(ArchiveError) in
      try file.append(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]))
    }
  }

  func sync() throws(ArchiveError) {
    try disk.change { () throws(ArchiveError) in try file.sync() }
  }

  func truncate(to size: Int) throws(ArchiveError) {
    try disk.change { () throws(ArchiveError) in try file.truncate(to: size) }
  }

  func close() { file.close() }
}
