import EventStoreCore
import EventStoreWire
import NIOCore

extension NotHandledReason {
  /// The node's words, with the leader's address that fits the connection.
  init(_ message: NotHandled, isSecured: Bool) {
    switch message.reason {
    case .notReady: self = .notReady
    case .tooBusy: self = .tooBusy
    case .isReadOnly: self = .readOnly
    case .notLeader:
      let address = isSecured ? message.leader?.secureTCP : message.leader?.tcp
      self = .notLeader(address.flatMap(Endpoint.init(leader:)))
    }
  }
}

extension Endpoint {
  /// A leader's address; nil when it cannot be one.
  fileprivate init?(leader address: LeaderInfo.Address) {
    guard !address.host.isEmpty, (1...65_535).contains(address.port) else { return nil }
    self.init(host: address.host, port: Int(address.port))
  }
}

extension EventStoreConnection {
  /// Why a frame that does not confirm a subscription refuses it.
  static func refusal(of frame: Frame) -> EventStoreError {
    let words = String(buffer: frame.payload)
    switch frame.command {
    case .badRequest: return .badRequest(words)
    case .notAuthenticated: return .notAuthenticated(words)
    default:
      return EventStoreError(.protocolViolation, "the server answered a subscription with \(frame.command)")
    }
  }

  /// Why a subscription that we did not end has ended.
  static func dropped(
    _ reason: SubscriptionDropped.Reason, _ stream: StreamName?, group: String? = nil, user: String?
  ) -> EventStoreError {
    if let group, let stream { return dropped(reason, stream, group, user: user) }
    let name = stream.map { "stream \($0)" } ?? "$all"
    switch reason {
    case .accessDenied:
      return .readDenied(stream, user: user, resolveLinks: false)
    case .unsubscribed:
      return EventStoreError(.subscriptionDropped, "the server ended the subscription to \(name)", stream: stream)
    case .notFound, .persistentSubscriptionDeleted, .subscriberMaxCountReached:
      return EventStoreError(
        .subscriptionDropped, "the server ended the subscription to \(name)", stream: stream, cause: "\(reason)")
    }
  }

  private static func dropped(
    _ reason: SubscriptionDropped.Reason, _ stream: StreamName, _ group: String, user: String?
  ) -> EventStoreError {
    switch reason {
    case .accessDenied:
      return .readDenied(stream, user: user, resolveLinks: false)
    case .notFound:
      return .noSubscription(group, on: stream)
    case .subscriberMaxCountReached:
      return EventStoreError(
        .tooManyConsumers, "the subscription \(group) on stream \(stream) takes no more consumers", stream: stream,
        hint: "let one of them leave, or raise its maximum consumer count")
    case .persistentSubscriptionDeleted:
      return .noSubscription(group, on: stream, "\(reason)")
    case .unsubscribed:
      return EventStoreError(
        .subscriptionDropped, "the server ended the subscription \(group) on stream \(stream) again and again",
        stream: stream, hint: "connect again later")
    }
  }
}
