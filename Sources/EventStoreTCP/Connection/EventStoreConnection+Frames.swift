import EventStoreCore
import EventStoreWire
import Logging
import NIOCore

/// What the server says.
extension EventStoreConnection {
  func perform(_ action: ConnectionStateMachine.Action) {
    switch action {
    case .none, .passOn:
      break
    case .identify(let id):
      send(IdentifyClient(connectionName: configuration.connectionName), id: id, credentials: nil)
    case .authenticate(let id):
      send(Authenticate(), id: id, credentials: configuration.credentials)
    case .becomeReady:
      // Whoever sets up no logging has everything from `info` on printed: only what follows bad news is worth that.
      logger.log(level: hasToldLoss ? .info : .debug, "connected to \(endpoint?.description ?? "the server")")
      hasToldLoss = false
      if wasReady { metrics.reconnected() }
      wasReady = true
      link.connected()
      operations.connected()
      for waiter in readinessWaiters { waiter.resume() }
      readinessWaiters.removeAll()
      sendWaiting()
    case .fail(let error):
      let dying = channel
      ended(cause: error, connection: connection)
      dying?.close(promise: nil)
    }
  }

  func handle(_ frame: Frame) {
    guard
      let action = handshake?.frameArrived(
        frame.command, id: frame.correlationID, words: String(buffer: frame.payload), now: now, nextID: EventID(),
        random: random)
    else { return }
    guard case .passOn = action else { return perform(action) }
    switch frame.command {
    case .streamEventAppeared, .persistentSubscriptionStreamEventAppeared:
      subscriptions[frame.correlationID]?.inbox.eventArrived(frame.payload)
    case .subscriptionConfirmation, .persistentSubscriptionConfirmation:
      confirmed(frame)
    case .subscriptionDropped:
      dropped(frame)
    case .notHandled:
      notHandled(frame)
    case .badRequest where frame.correlationID == .zero:
      logger.warning("the server could not read a frame: \(String(buffer: frame.payload))")
    default:
      answered(frame)
    }
  }

  func answered(_ frame: Frame) {
    let id = frame.correlationID
    guard operations.answered(id) else {
      return logger.debug("ignoring \(frame.command), which nobody waits for", metadata: ["correlation": "\(id)"])
    }
    link.answered()
    switch waiters.removeValue(forKey: id) {
    case .answer(let continuation):
      if frame.command == .badRequest || frame.command == .notAuthenticated { metrics.requestFailed() }
      continuation.resume(returning: frame)
    case .subscription:
      end(id, Self.refusal(of: frame))
    case nil:
      break
    }
  }

  /// Whoever asked must ask for less. What others asked is lost with the connection, and sent again.
  func answerTooLarge(_ id: EventID, _ error: EventStoreError) {
    if operations.answered(id) {
      link.answered()
      fail(id, error)
    } else {
      end(id, error)
    }
  }

  func notHandled(_ frame: Frame) {
    let id = frame.correlationID
    let reason: NotHandledReason
    do {
      reason = NotHandledReason(try NotHandled(frame), isSecured: configuration.security != nil)
    } catch {
      guard operations.answered(id) else { return }
      return fail(id, EventStoreError.protocolViolation("the server's reason to refuse cannot be read", error))
    }
    switch operations.notHandled(id, reason, now: now, random: random) {
    case .unknown:
      return
    case .failed(let error):
      fail(id, error)
    case .later:
      logger.debug("the node did not handle a request: \(reason)")
    }
    if case .notLeader(let leader) = reason {
      if let leader { logger.debug("the node names \(leader) as the leader") }
      perform(link.redirected(to: leader))
    }
  }
}

extension EventStoreConnection: FrameReceiver {
  nonisolated func secured(connection: UInt64) {
    assumeIsolated { owner in
      guard connection == owner.connection, let action = owner.handshake?.secured(now: owner.now, id: EventID()) else {
        return
      }
      owner.perform(action)
    }
  }

  nonisolated func framesArrived(_ frames: [Frame], connection: UInt64) {
    assumeIsolated { owner in
      for frame in frames where connection == owner.connection { owner.handle(frame) }
      owner.leaveIfDrained()
      owner.sendWaiting()
    }
  }

  nonisolated func frameRefused(_ id: EventID, _ error: EventStoreError, connection: UInt64) {
    assumeIsolated { owner in
      if connection == owner.connection { owner.answerTooLarge(id, error) }
    }
  }

  nonisolated func closed(cause: EventStoreError?, connection: UInt64) {
    assumeIsolated { $0.ended(cause: cause, connection: connection) }
  }
}
