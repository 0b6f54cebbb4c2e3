import EventArchive
import EventStoreCore

/// Files in memory that forget, when the power is cut, what was not synced; and that fail when they are told to.
///
/// A file's name is durable only after its directory was synced, its content only after the file was.
final class PowerCutStorage: ArchiveStorage {
  /// What goes wrong, and at which of the calls that change something, from 1.
  enum Fault: Hashable, Sendable {
    /// From this call on nothing is carried out.
    case powerCut(at: Int)
    /// This call finds the disk full; an append has written half of its bytes by then.
    case diskFull(at: Int)
    /// This sync of a file, counted among the syncs alone, fails, and nothing was made durable.
    case syncFailure(at: Int)
  }

  /// What is left of the changes that were not synced.
  enum Survival: CaseIterable, Sendable {
    /// Everything: only the process was killed.
    case everything
    /// Nothing.
    case nothing
    /// Half of what was added to each file, and the names that were synced.
    case tornTails
  }

  struct File: Sendable {
    var content: [UInt8] = []
    var durable: [UInt8] = []
  }

  struct Names: Sendable {
    var files: [String: Int] = [:]
    var directories: Set<String> = []
  }

  struct State: Sendable {
    var inodes: [File] = []
    var now = Names()
    var durable = Names()
    var isLocked = false
    var calls = 0
    var syncs = 0
    var fault: Fault?
    var hasFired = false
    var syncsAfterFailure = 0
  }

  let location = "memory"
  let state: Locked<State>

  init(fault: Fault? = nil) {
    var state = State()
    state.fault = fault
    self.state = Locked(state)
  }

  private init(_ state: State) {
    self.state = Locked(state)
  }

  /// Whether the planned fault has come.
  var hasFired: Bool { state.withLock { $0.hasFired } }
  /// How many calls have changed something.
  var calls: Int { state.withLock { $0.calls } }
  /// How often a file was synced after a sync had failed.
  var syncsAfterFailure: Int { state.withLock { $0.syncsAfterFailure } }

  /// The storage as it is found after the machine, or the process, has been started again.
  func restarted(_ survival: Survival) -> PowerCutStorage {
    state.withLock { state in
      var next = state
      (next.isLocked, next.calls, next.syncs, next.fault, next.hasFired) = (false, 0, 0, nil, false)
      switch survival {
      case .everything: break
      case .nothing:
        next.now = state.durable
        for index in next.inodes.indices { next.inodes[index].content = next.inodes[index].durable }
      case .tornTails:
        next.now = state.durable
        for index in next.inodes.indices {
          let file = next.inodes[index]
          let isLonger = file.content.count > file.durable.count && file.content.starts(with: file.durable)
          let half = isLonger ? (file.content.count - file.durable.count) / 2 : 0
          next.inodes[index].content = isLonger ? Array(file.content.prefix(file.durable.count + half)) : file.durable
        }
      }
      next.durable = next.now
      for index in next.inodes.indices { next.inodes[index].durable = next.inodes[index].content }
      return PowerCutStorage(next)
    }
  }

  /// Plans a fault, counting from the next call on.
  func plan(_ fault: Fault) {
    state.withLock { state in (state.calls, state.syncs, state.fault, state.hasFired) = (0, 0, fault, false) }
  }

  /// The same content, for a test to change.
  func copy() -> PowerCutStorage { restarted(.everything) }

  /// The names of all files.
  var paths: [String] { state.withLock { $0.now.files.keys.sorted() } }

  subscript(path: String) -> [UInt8]? {
    get { state.withLock { state in state.now.files[path].map { state.inodes[$0].content } } }
    set {
      state.withLock { state in
        guard let newValue else { return state.now.files[path] = nil }
        state.inodes.append(File(content: newValue, durable: newValue))
        state.now.files[path] = state.inodes.count - 1
        state.durable.files[path] = state.inodes.count - 1
      }
    }
  }

  /// Does `work` unless this is where the fault comes.
  func change<Result: Sendable>(
    isSync: Bool = false, _ work: (inout State) throws(ArchiveError) -> Result,
    halfway: (inout State) -> Void = { _ in }
  ) throws(ArchiveError) -> Result {
    try state.withLock { (state) throws(ArchiveError) -> Result in
      state.calls += 1
      if isSync {
        state.syncs += 1
        if state.hasFired { state.syncsAfterFailure += 1 }
      }
      switch state.fault {
      case .powerCut(let call) where state.calls >= call:
        state.hasFired = true
        throw ArchiveError(.ioFailed, "the power is cut")
      case .diskFull(let call) where state.calls == call:
        state.hasFired = true
        halfway(&state)
        throw ArchiveError(.diskFull, "the disk is full")
      case .syncFailure(let sync) where isSync && state.syncs == sync:
        state.hasFired = true
        throw ArchiveError(.ioFailed, "the file cannot be made durable")
      case .powerCut, .diskFull, .syncFailure, nil: return try work(&state)
      }
    }
  }

  func prepare() throws(ArchiveError) {
    try change { state in
      state.now.directories.insert("")
      state.durable.directories.insert("")
    }
  }

  func makeDirectory(_ path: String) throws(ArchiveError) {
    try change { state in _ = state.now.directories.insert(path) }
  }

  func list(_ path: String) throws(ArchiveError) -> [String]? {
    state.withLock { state in
      guard state.now.directories.contains(path) else { return nil }
      let all = Array(state.now.files.keys) + state.now.directories.filter { !$0.isEmpty }
      return all.filter { Self.parent($0) == path }.map { String($0.split(separator: "/").last ?? "") }.sorted()
    }
  }

  func create(_ path: String) throws(ArchiveError) -> any AppendableFile {
    try change { (state) throws(ArchiveError) in
      guard state.now.files[path] == nil, state.now.directories.contains(Self.parent(path)) else {
        throw ArchiveError(.ioFailed, "the file cannot be made", path: path)
      }
      state.inodes.append(File())
      state.now.files[path] = state.inodes.count - 1
      return MemoryFile(self, inode: state.inodes.count - 1)
    }
  }

  func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile {
    guard let inode = state.withLock({ $0.now.files[path] }) else {
      throw ArchiveError(.ioFailed, "the file cannot be opened", path: path)
    }
    return MemoryFile(self, inode: inode)
  }

  func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)? {
    state.withLock { $0.now.files[path] }.map { MemoryFile(self, inode: $0) }
  }

  func rename(_ path: String, to newPath: String) throws(ArchiveError) {
    try change { (state) throws(ArchiveError) in
      guard let inode = state.now.files.removeValue(forKey: path) else {
        throw ArchiveError(.ioFailed, "the file cannot be renamed", path: path)
      }
      state.now.files[newPath] = inode
    }
  }

  func remove(_ path: String) throws(ArchiveError) {
    try change { (state) throws(ArchiveError) in
      guard state.now.files.removeValue(forKey: path) != nil else {
        throw ArchiveError(.ioFailed, "the file cannot be removed", path: path)
      }
    }
  }

  func syncDirectory(_ path: String) throws(ArchiveError) {
    try change { state in
      state.durable.files = state.durable.files.filter { Self.parent($0.key) != path }
      state.durable.files.merge(state.now.files.filter { Self.parent($0.key) == path }) { $1 }
      state.durable.directories.formUnion(
        state.now.directories.filter { !$0.isEmpty && Self.parent($0) == path })
    }
  }

  func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock {
    try change { (state) throws(ArchiveError) in
      guard !state.isLocked else { throw ArchiveError(.locked, "another process writes to this archive") }
      state.isLocked = true
      if state.now.files[path] == nil {
        state.inodes.append(File())
        state.now.files[path] = state.inodes.count - 1
      }
      return MemoryLock(self)
    }
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }
}

private final class MemoryLock: ArchiveLock {
  private let storage: PowerCutStorage

  init(_ storage: PowerCutStorage) {
    self.storage = storage
  }

  func release() {
    storage.state.withLock { $0.isLocked = false }
  }
}

private final class MemoryFile: AppendableFile, ReadableFile {
  private let storage: PowerCutStorage
  private let inode: Int

  init(_ storage: PowerCutStorage, inode: Int) {
    self.storage = storage
    self.inode = inode
  }

  func size() throws(ArchiveError) -> Int {
    storage.state.withLock { $0.inodes[inode].content.count }
  }

  func modified() throws(ArchiveError) -> Timestamp {
    Timestamp(ticks: 17_000_000_200_000_000)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    let added = Array(bytes)
    try storage.change {
      $0.inodes[inode].content += added
    } halfway: {
      $0.inodes[inode].content += added.prefix(added.count / 2)
    }
  }

  func sync() throws(ArchiveError) {
    try storage.change(isSync: true) { $0.inodes[inode].durable = $0.inodes[inode].content }
  }

  func truncate(to size: Int) throws(ArchiveError) {
    try storage.change { $0.inodes[inode].content.removeLast($0.inodes[inode].content.count - size) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ArchiveError) -> Int {
    storage.state.withLock { state in
      let piece = state.inodes[inode].content.dropFirst(offset).prefix(buffer.count)
      buffer.copyBytes(from: piece)
      return piece.count
    }
  }

  func close() {}
}
