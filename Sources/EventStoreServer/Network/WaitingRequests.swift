import EventStoreWire
import NIOCore

/// The requests of a connection that are not carried out yet, oldest first.
struct WaitingRequests {
  private static let maximumCount = 1024
  private static let maximumBytes = 8 * 1024 * 1024

  private var requests = CircularBuffer<Frame>()
  private var bytes = 0

  var isEmpty: Bool { requests.isEmpty }

  /// Whether there are so many that no more should be read from the client.
  var isFull: Bool { requests.count > Self.maximumCount || bytes > Self.maximumBytes }

  mutating func append(_ request: Frame) {
    requests.append(request)
    bytes += request.payload.readableBytes
  }

  mutating func popFirst() -> Frame? {
    guard let request = requests.popFirst() else { return nil }
    bytes -= request.payload.readableBytes
    return request
  }

  mutating func removeAll() {
    requests.removeAll()
    bytes = 0
  }
}
