package import EventStoreCore
package import NIOCore

/// The requests that wait for an answer, or to be sent: matched by correlation id, sent in the order they were made.
///
/// A bounded number is in flight, a bounded number waits. A request in flight has a time-out. After a lost connection those
/// that may be are sent again, in their old order, before any new one.
package struct OperationsStateMachine: Sendable {
  /// What becomes of a new request.
  package enum Admission: Hashable, Sendable {
    /// It waits for its turn; ask `nextToSend`.
    case admitted
    /// Too many wait already.
    case refused(EventStoreError)
  }

  /// What becomes of a request that the node did not handle.
  package enum Retry: Hashable, Sendable {
    /// It is sent again later.
    case later
    /// It has failed.
    case failed(EventStoreError)
    /// No such request waits any more.
    case unknown
  }

  /// A request that has failed, and why.
  package struct Failure: Hashable, Sendable {
    package var id: EventID
    package var error: EventStoreError
  }

  private enum Phase {
    case waiting
    case pausing(until: NIODeadline)
    case inFlight(until: NIODeadline)
  }

  private struct Operation {
    var request: Request
    var sequence: UInt64
    var backOff: BackOff
    var phase: Phase

    /// Why the request fails with a connection that it was in flight on; nil when it is sent again.
    mutating func connectionLost(_ cause: EventStoreError, random: Double) -> EventStoreError? {
      switch request.resend {
      case .never: .answerLost(cause)
      case .always:
        backOff.attemptFailed(random: random) == nil ? .answerLost(cause, attempts: backOff.failures) : nil
      }
    }
  }

  private enum Connection {
    case down
    case up
    case draining
  }

  private var operations: [EventID: Operation] = [:]
  private var queue = WaitingQueue()
  /// How many requests wait for their answers.
  package private(set) var inFlight = 0
  private var lastSequence: UInt64 = 0
  private var connection = Connection.down
  private let requestTimeout: TimeAmount
  private let retries: RetryPolicy
  private let maximumInFlight: Int
  private let maximumWaiting: Int

  package init(configuration: TCPConfiguration) {
    requestTimeout = TimeAmount(configuration.requestTimeout)
    retries = configuration.requestRetries
    maximumInFlight = configuration.maximumRequestsInFlight
    maximumWaiting = configuration.maximumWaitingRequests
  }

  /// Whether no request waits, in flight or not.
  package var isEmpty: Bool { operations.isEmpty }

  /// Whether the connection is to be left and nothing is in flight on it any more.
  package var isDrained: Bool {
    switch connection {
    case .draining: inFlight == 0
    case .up, .down: false
    }
  }

  /// Somebody makes a request.
  /// - Parameter start: when it may be sent; nil for as soon as it is its turn.
  package mutating func requested(_ request: Request, notBefore start: NIODeadline? = nil) -> Admission {
    guard operations.count - inFlight < maximumWaiting + freeSlots else {
      return .refused(.tooManyWaiting(maximumWaiting))
    }
    lastSequence += 1
    operations[request.id] = Operation(
      request: request, sequence: lastSequence, backOff: BackOff(retries),
      phase: start.map { .pausing(until: $0) } ?? .waiting)
    guard start == nil else { return .admitted }
    queue.append(request.id, sequence: lastSequence)
    if queue.count > 2 * operations.count + 1024 { queue.compact { operations[$0] != nil } }
    return .admitted
  }

  /// The connection is ready.
  package mutating func connected() {
    connection = .up
  }

  /// The connection is to be left: nothing more is sent on it.
  package mutating func leaving() {
    connection = .draining
  }

  /// The next request to send, which counts as sent; nil when there is none, or it may not be sent now.
  package mutating func nextToSend(now: NIODeadline) -> Request? {
    guard case .up = connection, inFlight < maximumInFlight else { return nil }
    while let id = queue.popFirst() {
      guard var operation = operations[id], case .waiting = operation.phase else { continue }
      operation.phase = .inFlight(until: now + requestTimeout)
      operations[id] = operation
      inFlight += 1
      return operation.request
    }
    return nil
  }

  /// An answer came. Returns whether somebody waits for it; a late or strange one belongs to nobody.
  package mutating func answered(_ id: EventID) -> Bool {
    guard let operation = operations[id], case .inFlight = operation.phase else { return false }
    remove(id)
    return true
  }

  /// The node did not handle the request.
  package mutating func notHandled(
    _ id: EventID, _ reason: NotHandledReason, now: NIODeadline, random: Double
  ) -> Retry {
    guard var operation = operations[id], case .inFlight = operation.phase else { return .unknown }
    // A read-only replica stays one: it is not asked again.
    guard reason != .readOnly, let pause = operation.backOff.attemptFailed(random: random) else {
      remove(id)
      return .failed(.notHandled(reason, attempts: operation.backOff.failures))
    }
    inFlight -= 1
    operation.phase = .pausing(until: now + TimeAmount(pause))
    operations[id] = operation
    return .later
  }

  /// The connection is gone. Returns those that fail because of it; the others wait for the next one.
  package mutating func connectionLost(_ cause: EventStoreError, random: Double) -> [Failure] {
    connection = .down
    var failures: [Failure] = []
    var again: [(EventID, UInt64)] = []
    for (id, var operation) in operations {
      guard case .inFlight = operation.phase else { continue }
      if let error = operation.connectionLost(cause, random: random) {
        failures.append(Failure(id: id, error: error))
      } else {
        operation.phase = .waiting
        operations[id] = operation
        again.append((id, operation.sequence))
      }
    }
    for failure in failures { remove(failure.id) }
    inFlight = 0
    queue.prepend(again)
    return failures
  }

  /// Time has passed: pauses end, and answers that did not come in time are not waited for any longer.
  package mutating func timePassed(now: NIODeadline) -> [Failure] {
    var failures: [Failure] = []
    var again: [(EventID, UInt64)] = []
    for (id, operation) in operations {
      switch operation.phase {
      case .inFlight(let until) where now >= until:
        failures.append(Failure(id: id, error: .noAnswer(within: requestTimeout)))
      case .pausing(let until) where now >= until:
        again.append((id, operation.sequence))
      case .inFlight, .pausing, .waiting:
        break
      }
    }
    for failure in failures { remove(failure.id) }
    for (id, _) in again { operations[id]?.phase = .waiting }
    queue.prepend(again)
    return failures
  }

  /// Nobody waits for the request any more. Returns whether it was there.
  package mutating func cancelled(_ id: EventID) -> Bool {
    guard operations[id] != nil else { return false }
    remove(id)
    return true
  }

  /// No connection will come. Returns all requests; each has failed.
  package mutating func gaveUp() -> [EventID] {
    let all = operations.sorted { $0.value.sequence < $1.value.sequence }.map(\.key)
    operations.removeAll()
    queue = WaitingQueue()
    inFlight = 0
    connection = .down
    return all
  }

  private var freeSlots: Int {
    switch connection {
    case .up: maximumInFlight - inFlight
    case .draining, .down: 0
    }
  }

  private mutating func remove(_ id: EventID) {
    guard let operation = operations.removeValue(forKey: id) else { return }
    if case .inFlight = operation.phase { inFlight -= 1 }
  }
}
