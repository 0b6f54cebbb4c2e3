import EventStoreCore
import Logging
import NIOCore

/// Which node to connect to, and when.
extension EventStoreConnection {
  func wake() {
    startTicking()
    perform(link.needed())
  }

  func perform(_ action: LinkStateMachine.Action) {
    switch action {
    case .none:
      break
    case .resolve(let failed):
      resolving = Task { [weak self, resolver] in
        let outcome: Result<Endpoint, EventStoreError>
        do {
          outcome = .success(try await resolver.resolve(avoiding: failed))
        } catch let error as EventStoreError {
          outcome = .failure(error)
        } catch {
          outcome = .failure(EventStoreError(.discoveryFailed, "no node could be found", cause: "\(error)"))
        }
        await self?.resolved(outcome)
      }
    case .connect(let endpoint):
      open(endpoint)
    case .pause(let duration):
      pause = eventLoop.scheduleTask(in: TimeAmount(duration)) { [weak self] in
        self?.assumeIsolated { $0.pauseEnded() }
      }
    case .leave:
      operations.leaving()
      leaveIfDrained()
    case .giveUp(let error):
      logger.warning("giving up the connection: \(error)")
      stopTicking()
      failEverything(error)
    }
  }

  func resolved(_ outcome: Result<Endpoint, EventStoreError>) {
    switch outcome {
    case .success(let endpoint):
      perform(link.resolved(endpoint))
    case .failure(let error):
      logger.info("no node to connect to: \(error)")
      perform(link.attemptFailed(error, random: random))
    }
  }

  func pauseEnded() {
    pause = nil
    perform(link.pauseEnded())
  }

  func open(_ endpoint: Endpoint) {
    connection += 1
    let connection = connection
    self.endpoint = endpoint
    handshake = ConnectionStateMachine(endpoint: endpoint, configuration: configuration)
    logger.debug("connecting to \(endpoint)")
    opener.open(endpoint, connection: connection, on: eventLoop, receiver: self).whenComplete { outcome in
      self.assumeIsolated { $0.opened(outcome, endpoint, connection) }
    }
  }

  func opened(_ outcome: Result<any Channel, any Error>, _ endpoint: Endpoint, _ connection: UInt64) {
    switch outcome {
    case .success(let channel):
      guard connection == self.connection, !link.isClosed, channel.isActive else {
        return channel.close(promise: nil)
      }
      self.channel = channel
      guard let action = handshake?.connected(now: now, id: EventID()) else { return }
      perform(action)
    case .failure(let error):
      let cause = ConnectFailure.describe(error, endpoint: endpoint, isSecured: configuration.security != nil)
      ended(cause: cause, connection: connection)
    }
  }

  /// A connection that we left for another node, or closed, is no loss.
  private func tellLoss(_ error: EventStoreError) {
    guard !link.isClosed, !operations.isDrained else { return logger.debug("the connection ended: \(error)") }
    logger.warning("the connection ended: \(error)")
    hasToldLoss = true
  }

  func leaveIfDrained() {
    guard operations.isDrained else { return }
    channel?.close(promise: nil)
  }

  func ended(cause: EventStoreError?, connection: UInt64) {
    guard connection == self.connection, let end = handshake?.closed(cause: cause) else { return }
    channel = nil
    handshake = nil
    for waiter in closeWaiters { waiter.resume() }
    closeWaiters.removeAll()
    switch end {
    case .known:
      break
    case .neverReady(let error):
      logger.info("no connection: \(error)")
      perform(link.attemptFailed(error, random: random))
    case .lost(let error):
      tellLoss(error)
      for failure in operations.connectionLost(error, random: random) { fail(failure.id, failure.error) }
      renewSubscriptions()
      perform(link.lost(error, random: random))
    }
  }
}
