package import EventStoreCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension ServerConfiguration {
  /// The system's clock, in units of 100 ns.
  package static let systemClock: @Sendable () -> Timestamp = {
    var now = timespec()
    // CLOCK_REALTIME exists on every system, so this cannot fail.
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(ticks: Int64(now.tv_sec) * Timestamp.ticksPerSecond + Int64(now.tv_nsec) / 100)
  }
}
