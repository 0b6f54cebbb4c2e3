public import EventStoreCore
import Glibc

extension Timestamp {
  /// The time by the system's clock.
  public static var now: Timestamp {
    var time = timespec()
    // Cannot fail: the clock exists and the address is valid.
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(ticks: Int64(time.tv_sec) * ticksPerSecond + Int64(time.tv_nsec) / 100)
  }
}
