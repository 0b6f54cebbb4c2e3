/// How many events the next page asks for, so that pages stay well under the frame limit.
///
/// A server applies no limit of its own to the pages it sends (PROTOCOL: 4095 events of 20 kB came as one frame of
/// 80 MiB). The size begins small, doubles while full pages are light, halves when a page gets heavy, and is quartered by a
/// page that broke the limit.
package struct PageSizing: Hashable, Sendable {
  /// The most events that a server gives in one page, as it says itself.
  package static let largestPage = 4095

  /// How many events the next page asks for at most.
  package private(set) var currentSize: Int
  private let maximumFrameBytes: Int

  /// - Parameter initialSize: 1 to `largestPage`.
  package init(initialSize: Int, maximumFrameBytes: Int) {
    currentSize = min(max(initialSize, 1), Self.largestPage)
    self.maximumFrameBytes = maximumFrameBytes
  }

  /// A page of this many events came as a frame of this many bytes, after `requested` were asked for.
  package mutating func pageReceived(requested: Int, count: Int, bytes: Int) {
    if bytes > maximumFrameBytes / 4 {
      currentSize = max(1, min(currentSize, requested) / 2)
    } else if count >= currentSize, bytes <= maximumFrameBytes / 32 {
      currentSize = min(currentSize * 2, Self.largestPage)
    }
  }

  /// A page that asked for this many events broke the frame limit. Returns whether a smaller one can be asked for.
  package mutating func frameWasTooLarge(requested: Int) -> Bool {
    guard requested > 1 else { return false }
    currentSize = max(1, min(currentSize, requested / 4))
    return true
  }
}
