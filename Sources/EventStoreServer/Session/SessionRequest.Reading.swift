import EventStoreCore
import EventStoreWire

extension SessionRequest {
  func readEvent(_ message: ReadEvent) throws(RequestFailure) -> ReadEventCompleted {
    let number = upgraded(message.eventNumber)
    guard !message.stream.utf8.isEmpty, number >= -1 else { throw .badRequest }
    try need(message.requireLeader ? .leader : .anyNode)
    let outcome = log.readEvent(
      message.stream, number: number, resolveLinks: message.resolveLinks, by: asker)
    switch outcome {
    case .found(.found(let event)): return ReadEventCompleted(result: .success, event: downgraded(event))
    case .found(.notFound): return ReadEventCompleted(result: .notFound, event: nil)
    case .found(.noStream): return ReadEventCompleted(result: .noStream, event: nil)
    case .found(.streamDeleted): return ReadEventCompleted(result: .streamDeleted, event: nil)
    case .accessDenied: return ReadEventCompleted(result: .accessDenied, event: nil)
    case .failed(let words): return ReadEventCompleted(result: .error, event: nil, error: words)
    }
  }

  func readStream(_ message: ReadStreamEvents) throws(RequestFailure) -> ReadStreamEventsCompleted {
    let number = upgraded(message.fromEventNumber)
    guard !message.stream.utf8.isEmpty, number >= -1 else { throw .badRequest }
    try need(message.requireLeader ? .leader : .anyNode)
    let answer = log.readStream(
      message.stream, message.direction, from: number, maximumCount: Int(message.maximumCount),
      resolveLinks: message.resolveLinks, by: asker)
    var completed = ReadStreamEventsCompleted(
      direction: message.direction, result: .success, events: [], nextEventNumber: -1, lastEventNumber: -1,
      isEndOfStream: true, lastCommitPosition: answer.lastCommitPosition, error: "")
    switch answer.outcome {
    case .found(let page):
      completed.result = ReadStreamEventsCompleted.Result(page.status)
      completed.events = isLegacy ? page.events.map(downgraded) : page.events
      completed.nextEventNumber = page.nextEventNumber
      completed.lastEventNumber = downgraded(page.lastEventNumber)
      completed.isEndOfStream = page.isEndOfStream
    case .accessDenied: completed.result = .accessDenied
    case .failed(let words):
      completed.result = .error
      completed.error = words
    }
    return completed
  }

  func readAll(_ message: ReadAllEvents) throws(RequestFailure) -> ReadAllEventsCompleted {
    try need(message.requireLeader ? .leader : .anyNode)
    let answer = log.readAll(
      message.direction, from: message.position, maximumCount: Int(message.maximumCount),
      resolveLinks: message.resolveLinks, by: asker)
    var completed = ReadAllEventsCompleted(
      direction: message.direction, position: answer.position, events: [],
      nextPosition: Position(commit: -1, prepare: -1), result: .success, error: nil)
    switch answer.outcome {
    case .found(let page):
      completed.events = isLegacy ? page.events.map(downgraded) : page.events
      completed.nextPosition = page.nextPosition
    case .accessDenied: completed.result = .accessDenied
    case .failed(let words):
      completed.result = .error
      completed.error = words
    }
    return completed
  }
}

extension ReadStreamEventsCompleted.Result {
  fileprivate init(_ status: StreamPage.Status) {
    switch status {
    case .found: self = .success
    case .noStream: self = .noStream
    case .deleted: self = .streamDeleted
    }
  }
}
