import EventStoreCore
import EventStoreWire
import NIOCore

/// What is sent, and what time brings.
extension EventStoreConnection {
  func sendWaiting() {
    guard let channel else { return }
    while let request = operations.nextToSend(now: now) {
      channel.write(request.bytes, promise: nil)
      scheduleFlush(channel)
    }
  }

  func send(_ message: some WireMessage, id: EventID, credentials: Credentials?) {
    guard let channel else { return }
    do {
      var bytes = ByteBuffer()
      try FrameEncoder().encode(message, correlationID: id, credentials: credentials, into: &bytes)
      channel.write(bytes, promise: nil)
      scheduleFlush(channel)
    } catch {
      perform(.fail(.protocolViolation("\(message.command) could not be encoded", error)))
    }
  }

  /// One flush for everything that is written in this turn of the event loop.
  func scheduleFlush(_ channel: any Channel) {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.execute {
      self.assumeIsolated { connection in
        connection.isFlushScheduled = false
        connection.channel?.flush()
        connection.metrics.waiting(connection.operations.inFlight)
      }
    }
  }

  func startTicking() {
    guard ticker == nil else { return }
    let pace = TimeAmount.milliseconds(50)
    ticker = eventLoop.scheduleRepeatedTask(initialDelay: pace, delay: pace) { [weak self] task in
      guard let self else { return task.cancel() }
      self.assumeIsolated { $0.tick() }
    }
  }

  func stopTicking() {
    ticker?.cancel()
    ticker = nil
  }

  func tick() {
    if let action = handshake?.timePassed(now: now, nextID: EventID()) { perform(action) }
    for failure in operations.timePassed(now: now) { fail(failure.id, failure.error) }
    for (id, subscription) in subscriptions {
      if let due = subscription.inbox.acknowledgementDue() { tell(id, due) }
    }
    leaveIfDrained()
    sendWaiting()
    metrics.waiting(operations.inFlight)
  }
}
