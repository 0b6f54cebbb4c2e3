internal import EventStoreCore
internal import Glibc

/// An open file of a local file system, closed with its last reference.
final class LocalFile: AppendableFile, ReadableFile {
  private let path: String
  private let descriptor: Descriptor

  init(appending path: String, flags: Int32, _ complaint: String) throws(ArchiveError) {
    let number = SystemCall.retrying { open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0o600) }
    guard number >= 0 else { throw SystemCall.error(complaint, path: path) }
    self.path = path
    descriptor = Descriptor(number)
  }

  /// Nil when there is no such file.
  init?(reading path: String) throws(ArchiveError) {
    let number = SystemCall.retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard number >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemCall.error("the file cannot be opened", path: path)
    }
    self.path = path
    descriptor = Descriptor(number)
  }

  func size() throws(ArchiveError) -> Int {
    Int(try status().st_size)
  }

  func modified() throws(ArchiveError) -> Timestamp {
    let time = try status().st_mtim
    return Timestamp(ticks: Int64(time.tv_sec) * Timestamp.ticksPerSecond + Int64(time.tv_nsec) / 100)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    let number = try openDescriptor()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(SystemCall.maximumTransferBytes))
      let written = SystemCall.retrying { write(number, piece.baseAddress, piece.count) }
      guard written > 0 else { throw SystemCall.error("the file cannot be written", path: path) }
      rest = rest.dropFirst(written)
    }
  }

  func sync() throws(ArchiveError) {
    // Not even EINTR is tried again: after any failure the kernel may have dropped what it could not write.
    if fsync(try openDescriptor()) != 0 { throw SystemCall.error("the file cannot be made durable", path: path) }
  }

  func truncate(to size: Int) throws(ArchiveError) {
    let number = try openDescriptor()
    if SystemCall.retrying({ ftruncate(number, off_t(size)) }) != 0 {
      throw SystemCall.error("the file cannot be cut", path: path)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ArchiveError) -> Int {
    let number = try openDescriptor()
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...].prefix(SystemCall.maximumTransferBytes))
      let count = SystemCall.retrying { pread(number, rest.baseAddress, rest.count, off_t(offset + filled)) }
      guard count >= 0 else { throw SystemCall.error("the file cannot be read", path: path) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  func close() {
    descriptor.close()
  }

  private func status() throws(ArchiveError) -> stat {
    var status = stat()
    guard fstat(try openDescriptor(), &status) == 0 else {
      throw SystemCall.error("the file cannot be examined", path: path)
    }
    return status
  }

  private func openDescriptor() throws(ArchiveError) -> Int32 {
    guard let number = descriptor.number else { throw ArchiveError(.closed, "the file has been closed", path: path) }
    return number
  }
}
