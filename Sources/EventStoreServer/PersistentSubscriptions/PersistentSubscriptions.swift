import EventStoreCore
import EventStoreWire

/// The groups of a server, shared by its connections: carries out what their machines decide.
///
/// What a consumer gets waits in its connection's outbox until the connection takes it; how much that is, is bounded by what
/// consumers may have in flight. Connections read the log on behalf of their groups when it has grown, so nothing here
/// observes it, and checkpoints and parked events can be written to it.
package final class PersistentSubscriptions: Sendable {
  let state = Locked(State())
  let log: EventLog
  private let uptime: @Sendable () -> Duration

  /// How many groups there may be.
  static let maximumGroupCount = 1000
  /// How many consumers a connection may have.
  static let maximumConsumerCount = 1000

  struct State {
    var groups: [GroupKey: Group] = [:]
    /// In the order in which they were made.
    var order: [GroupKey] = []
    var connections: [Int: Outbox] = [:]
    var peers: [Int: Peer] = [:]
    var lastConnection = 0
    /// Connections that have something new in their outboxes.
    var toWake: Set<Int> = []
  }

  struct Group {
    var settings: GroupConfiguration
    var machine: ConsumerGroupStateMachine
    /// The number of the first event that is the group's business.
    var firstWanted: EventNumber
  }

  /// Who is at the other end of a connection.
  struct Peer {
    var address: String
    /// What the client calls the connection.
    var name = ""
  }

  /// The groups of a log, none at first.
  /// - Parameter uptime: how long the server has been running; what is measured with it never goes back.
  package init(
    log: EventLog, uptime: @escaping @Sendable () -> Duration = PersistentSubscriptions.systemUptime()
  ) {
    self.log = log
    self.uptime = uptime
  }

  /// The time since the call, by a clock that nobody sets.
  package static func systemUptime() -> @Sendable () -> Duration {
    let start = ContinuousClock.now
    return { ContinuousClock.now - start }
  }

  var now: Duration { uptime() }

  /// Time has passed; to be called about once a second, as a real server does it.
  package func timePassed() {
    change { state in
      for key in state.order {
        guard let actions = state.groups[key]?.machine.timePassed(now: now) else { continue }
        perform(actions, of: key, in: &state)
      }
    }
  }

  /// Changes the state, then wakes the connections that have something to send.
  func change<Outcome>(_ body: (inout State) -> Outcome) -> Outcome {
    let (outcome, wakes) = state.withLock { state in
      let outcome = body(&state)
      let wakes = state.toWake.compactMap { state.connections[$0]?.wake }
      state.toWake = []
      return (outcome, wakes)
    }
    for wake in wakes { wake() }
    return outcome
  }

  /// Reads for a group as long as it needs something and there is something.
  func read(for key: GroupKey, in state: inout State) {
    var isAtEnd = false
    let resolveLinks = state.groups[key]?.machine.settings.resolveLinks ?? false
    while !isAtEnd, let need = state.groups[key]?.machine.need {
      let actions: [ConsumerGroupStateMachine.Action]?
      switch need {
      case .page(let number, let count):
        let place = log.eventCount
        let page = readPage(of: key.stream, from: number, maximumCount: count, resolveLinks: resolveLinks)
        actions = state.groups[key]?.machine.pageRead(page, place: place, now: now)
      case .live(let place, let count):
        let live = log.liveEvents(from: place, in: key.stream, resolveLinks: resolveLinks, maximumCount: count)
        isAtEnd = live.isAtEnd
        actions = state.groups[key]?.machine.liveRead(live.events, nextPlace: live.nextPlace, now: now)
      case .parked(let number, let count):
        let parked = readParked(of: key, from: number, maximumCount: count, resolveLinks: resolveLinks)
        actions = state.groups[key]?.machine.parkedRead(parked.events, next: parked.next, now: now)
      }
      perform(actions ?? [], of: key, in: &state)
    }
  }

  func readPage(
    of stream: StreamName, from number: EventNumber, maximumCount: Int, resolveLinks: Bool
  ) -> StreamPage? {
    let answer = log.readStream(
      stream, .forward, from: number, maximumCount: maximumCount, resolveLinks: resolveLinks, by: .system)
    guard case .found(let page) = answer.outcome, page.status == .found else { return nil }
    return page
  }

  /// Carries out what a group's machine wants.
  func perform(_ actions: [ConsumerGroupStateMachine.Action], of key: GroupKey, in state: inout State) {
    for action in actions {
      switch action {
      case .deliver(let event, let retryCount, let consumer):
        let message = PersistentSubscriptionStreamEventAppeared(event: event, retryCount: Int32(clamping: retryCount))
        state.connections[consumer.connection]?.add(.event(message), for: consumer.correlationID)
        state.toWake.insert(consumer.connection)
      case .drop(let consumer):
        state.connections[consumer.connection]?.end(consumer.correlationID)
        state.connections[consumer.connection]?.add(.dropped, for: consumer.correlationID)
        state.toWake.insert(consumer.connection)
      case .park(let event, let reason):
        park(event, reason: reason, of: key)
      case .writeCheckpoint(let number):
        write(
          ProposedEvent(type: "SubscriptionCheckpoint", isJSON: true, data: Bytes("\(number)")), key.checkpointStream)
      case .clearParked(let number):
        write(
          ProposedEvent(type: .streamMetadata, isJSON: true, data: Bytes("{\"$tb\":\(number)}")),
          key.parkedStream.metadataStream)
      }
    }
  }

  private func park(_ event: ResolvedEvent, reason: String, of key: GroupKey) {
    guard let link = event.parkedLink else { return }
    let metadata = IndentedJSON.object([
      ("added", .text(log.now.offsetText)), ("reason", .text(reason)),
    ])
    write(
      ProposedEvent(
        type: .link, isJSON: false, data: link, metadata: Bytes(metadata.text)), key.parkedStream)
  }

  /// The server's own streams take what the server writes.
  func write(_ event: ProposedEvent, _ stream: StreamName) {
    _ = log.append([event], to: stream, expected: .any, by: .system)
  }
}

extension ResolvedEvent {
  /// What a link to the event itself holds: of a resolved link to its target, of a dead one to what it led to.
  fileprivate var parkedLink: Bytes? {
    event.map { Bytes("\($0.number)@".utf8 + $0.stream.utf8) } ?? link?.data
  }
}
