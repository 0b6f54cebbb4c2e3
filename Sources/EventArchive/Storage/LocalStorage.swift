internal import EventStoreCore
internal import Glibc

/// An archive's files in a directory of a local file system.
package struct LocalStorage: ArchiveStorage {
  /// The archive's directory.
  package let location: String

  /// - Parameter directory: The archive; need not be there yet.
  package init(directory: String) {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    location = path
  }

  package func prepare() throws(ArchiveError) {
    guard !location.isEmpty else { throw ArchiveError(.invalidArgument, "the archive's directory has no name") }
    if mkdir(location, 0o700) != 0, errno != EEXIST {
      var error = SystemCall.error("the archive's directory cannot be made", path: location)
      if error.code == .ioFailed, errno == ENOENT {
        error.hint = "make the directory around it first, or check that its disk is mounted"
      }
      throw error
    }
    try Self.sync(directory: Self.parent(of: location))
  }

  package func makeDirectory(_ path: String) throws(ArchiveError) {
    if mkdir(absolute(path), 0o700) != 0, errno != EEXIST {
      throw SystemCall.error("the directory cannot be made", path: absolute(path))
    }
  }

  package func list(_ path: String) throws(ArchiveError) -> [String]? {
    let directory = absolute(path)
    guard let stream = opendir(directory) else {
      if errno == ENOENT { return nil }
      if errno == ENOTDIR { throw ArchiveError(.notAnArchive, "this is a file, not a directory", path: directory) }
      throw SystemCall.error("the directory cannot be read", path: directory)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // readdir tells its end and an error apart by errno only.
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw SystemCall.error("the directory cannot be read", path: directory) }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  package func create(_ path: String) throws(ArchiveError) -> any AppendableFile {
    try LocalFile(appending: absolute(path), flags: O_CREAT | O_EXCL, "the file cannot be made")
  }

  package func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile {
    try LocalFile(appending: absolute(path), flags: 0, "the file cannot be opened for writing")
  }

  package func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)? {
    try LocalFile(reading: absolute(path))
  }

  package func rename(_ path: String, to newPath: String) throws(ArchiveError) {
    if Glibc.rename(absolute(path), absolute(newPath)) != 0 {
      throw SystemCall.error("the file cannot be renamed to \(newPath)", path: absolute(path))
    }
  }

  package func remove(_ path: String) throws(ArchiveError) {
    if unlink(absolute(path)) != 0 { throw SystemCall.error("the file cannot be removed", path: absolute(path)) }
  }

  package func syncDirectory(_ path: String) throws(ArchiveError) {
    try Self.sync(directory: absolute(path))
  }

  package func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock {
    try LocalLock(path: absolute(path), owner: owner)
  }

  private func absolute(_ path: String) -> String {
    path.isEmpty ? location : location + "/" + path
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(directory: String) throws(ArchiveError) {
    let descriptor = SystemCall.retrying { Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw SystemCall.error("the directory cannot be opened", path: directory) }
    defer { close(descriptor) }
    // EINVAL: a file system that has no way to sync a directory; there is nothing more that could be done.
    if fsync(descriptor) != 0, errno != EINVAL {
      throw SystemCall.error("the directory cannot be made durable", path: directory)
    }
  }
}
