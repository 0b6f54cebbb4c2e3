internal import Glibc
internal import EventStoreCore

/// An open file descriptor, closed once: when told to, or with its last reference.
final class Descriptor: Sendable {
  // -1 when closed.
  private let value: Locked<Int32>

  init(_ number: Int32) {
    value = Locked(number)
  }

  deinit {
    close()
  }

  /// The descriptor; nil when it has been closed.
  var number: Int32? {
    value.withLock { $0 < 0 ? nil : $0 }
  }

  func close() {
    value.withLock { number in
      // What close could still report, sync has reported before.
      if number >= 0 { Glibc.close(number) }
      number = -1
    }
  }
}
