import Glibc

/// Bounds how much memory an input can make the program take, whatever the input claims to hold.
///
/// The largest limit that the code has for itself is 256 MiB, of what a frame may hold. An allocation beyond that fails, and
/// what fails to allocate traps: libFuzzer then reports the input.
enum MemoryLimit {
  /// How much memory may be added to what the program has when it starts.
  private static let extraBytes: UInt = 1 << 30

  static func set() {
    guard let pages = pagesInUse() else { return complain("/proc/self/statm cannot be read: memory is not limited") }
    let bytes = pages * UInt(sysconf(Int32(_SC_PAGESIZE))) + extraBytes
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    if setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) != 0 { complain("memory cannot be limited") }
  }

  /// The size of the program's address space.
  private static func pagesInUse() -> UInt? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: " ").first.flatMap { UInt($0) }
  }
}
