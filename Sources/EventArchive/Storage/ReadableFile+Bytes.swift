package import EventStoreCore

extension ReadableFile {
  /// Up to `count` bytes from `offset` on: fewer only at the end of the file.
  package func bytes(at offset: Int, count: Int) throws(ArchiveError) -> Bytes {
    let memory = FileMemory(byteCount: count)
    let filled = try read(into: memory.pointer, at: offset)
    return Bytes(
      owner: memory, memory: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.pointer)[..<filled]))
  }
}

extension ArchiveStorage {
  /// A file of the archive as people know it, for messages.
  package func path(_ path: String) -> String {
    path.isEmpty ? location : location + "/" + path
  }
}

/// Memory that a file is read into; freed with its last reference.
private final class FileMemory {
  let pointer: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    pointer = .allocate(byteCount: byteCount, alignment: 16)
  }

  deinit {
    pointer.deallocate()
  }
}
