import EventStoreCore
import EventStoreTCP
import NIOCore
import Testing

/// The id with this number: tests name ids by small numbers.
func id(_ number: UInt64) -> EventID {
  EventID(high: 0, low: number)
}

/// Expects that a step of a conversation has this outcome; a macro cannot call what mutates.
func expect<Value: Equatable>(
  _ actual: Value, is expected: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual == expected, sourceLocation: sourceLocation)
}

extension TCPConfiguration {
  /// Small numbers, so that limits are reached within a test.
  static var small: TCPConfiguration {
    var configuration = TCPConfiguration(
      connectionName: "test", credentials: Credentials(login: "admin", password: "changeit"))
    configuration.requestTimeout = .seconds(10)
    configuration.connectTimeout = .seconds(5)
    configuration.firstConnection = RetryPolicy(maximumAttempts: 2, firstDelay: .seconds(1), maximumDelay: .seconds(8))
    configuration.reconnection = RetryPolicy(maximumAttempts: 3, firstDelay: .seconds(1), maximumDelay: .seconds(8))
    configuration.requestRetries = RetryPolicy(maximumAttempts: 3, firstDelay: .seconds(1), maximumDelay: .seconds(8))
    configuration.authentication = RetryPolicy(maximumAttempts: 3, firstDelay: .seconds(1), maximumDelay: .seconds(8))
    configuration.maximumRedirects = 2
    configuration.maximumRequestsInFlight = 2
    configuration.maximumWaitingRequests = 2
    return configuration
  }
}
