internal import Crypto

extension SHA256Digest {
  /// How many bytes a digest has.
  static let byteCount = 32

  /// The digest of some memory.
  init(ofMemory memory: UnsafeRawBufferPointer) {
    var hasher = SHA256()
    hasher.update(bufferPointer: memory)
    self.init(hasher.finalize())
  }
}
