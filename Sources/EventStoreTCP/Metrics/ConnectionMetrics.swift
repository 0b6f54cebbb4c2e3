package import CoreMetrics

/// Counts what a connection does, for the backend that the program has given to swift-metrics; without one at no cost.
///
/// Every metric has the dimension `connection`, the connection's name.
package struct ConnectionMetrics: Sendable {
  private let requests: Counter
  private let errors: Counter
  private let reconnects: Counter
  private let receivedBytes: Counter
  private let sentBytes: Counter
  private let inFlight: Meter

  /// The metrics of a connection with this name.
  package init(connectionName: String, factory: any MetricsFactory) {
    func counter(_ name: String) -> Counter {
      Counter(
        label: "eventstore_client_\(name)", dimensions: [("connection", connectionName)], factory: factory)
    }
    requests = counter("requests")
    errors = counter("errors")
    reconnects = counter("reconnects")
    receivedBytes = counter("received_bytes")
    sentBytes = counter("sent_bytes")
    inFlight = Meter(
      label: "eventstore_client_in_flight", dimensions: [("connection", connectionName)], factory: factory)
  }

  /// Somebody made a request, or a subscription was begun or renewed. It counts once, however often it is sent.
  func requestMade() { requests.increment() }

  /// A request or a subscription ended without the answer it wanted: it timed out, lost its connection, or the server would
  /// not look at it. What a server decides about a request, such as a wrong expected version, is no error.
  func requestFailed() { errors.increment() }

  /// A connection became ready that was not the first.
  func reconnected() { reconnects.increment() }

  /// Bytes came from the network; with TLS, as they are encrypted.
  func received(_ bytes: Int) { receivedBytes.increment(by: bytes) }

  /// Bytes went to the network; with TLS, as they are encrypted.
  func sent(_ bytes: Int) { sentBytes.increment(by: bytes) }

  /// So many requests wait for their answers.
  func waiting(_ count: Int) { inFlight.set(count) }
}
