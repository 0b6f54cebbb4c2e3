#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A value that one thread at a time may touch, for moments: nothing may wait while it holds the value.
///
/// As `Synchronization.Mutex`, but with a POSIX mutex beneath: the thread sanitizer knows those, while on Linux it takes a
/// contended `Mutex`, which waits inside the kernel, for a data race.
package final class Locked<Value>: @unchecked Sendable {
  // Unchecked: the value is touched only by who holds the mutex.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private nonisolated(unsafe) var value: Value

  package init(_ value: sending Value) {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    // Fails only for attributes, of which there are none.
    let status = pthread_mutex_init(mutex, nil)
    precondition(status == 0, "a mutex could not be made (\(status))")
    self.value = value
  }

  deinit {
    // Fails only while somebody holds it, and nobody has a reference any more.
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Gives `body` the value, after everybody who has it has given it back. Must not be called from within `body`.
  package func withLock<Result, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    // Fails only for a thread that holds it already, where the mutex checks that; this one would wait for ever.
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
