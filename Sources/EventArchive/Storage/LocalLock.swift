internal import Glibc

/// An exclusive `flock`, which ends with the process that holds it.
final class LocalLock: ArchiveLock {
  private static let maximumOwnerBytes = 4096

  private let descriptor: Descriptor

  init(path: String, owner: String) throws(ArchiveError) {
    let number = SystemCall.retrying { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    guard number >= 0 else { throw SystemCall.error("the lock cannot be opened", path: path) }
    descriptor = Descriptor(number)
    if SystemCall.retrying({ flock(number, LOCK_EX | LOCK_NB) }) != 0 {
      guard errno == EWOULDBLOCK else { throw SystemCall.error("the lock cannot be taken", path: path) }
      throw ArchiveError(
        .locked, "another process writes to this archive", path: path,
        hint: "wait until it has finished, or stop it; the lock ends with its process", cause: Self.owner(number))
    }
    let text = Array(owner.utf8)
    guard ftruncate(number, 0) == 0, pwrite(number, text, text.count, 0) == text.count else {
      throw SystemCall.error("the lock cannot be written", path: path)
    }
  }

  func release() {
    descriptor.close()
  }

  /// What the lock says of its owner; empty while the owner has not written it yet.
  private static func owner(_ number: Int32) -> String {
    var text = [UInt8](repeating: 0, count: maximumOwnerBytes)
    let count = pread(number, &text, text.count, 0)
    return String(decoding: text.prefix(max(count, 0)).filter { $0 >= 0x20 }, as: UTF8.self)
  }
}
