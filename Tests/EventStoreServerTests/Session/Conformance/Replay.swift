import EventStoreCore
import EventStoreWire
import GoldenTraffic
import NIOCore

@testable import EventStoreServer

/// A recorded scenario, played against a fresh server: the client's frames as they were sent, the answers compared.
///
/// The order of frames of one request is compared, not that of different requests.
struct Replay {
  /// What is known of a scenario beyond its recording.
  struct Circumstances {
    /// What the node can do.
    var availability = NodeAvailability.ready
    /// How long before the step with this number nothing happened.
    var pauses: [Int: Duration] = [:]
    /// The client's steps that are left out, to see that it is noticed.
    var leftOut: Set<Int> = []
  }

  /// A step whose answer is not the recorded one, and what is different.
  struct Difference {
    let step: Int
    let text: String
  }

  private final class Clock: Sendable {
    let now = Locked(Timestamp(ticks: 17_600_000_000_000_000))
  }

  private let recording: Recording
  private let circumstances: Circumstances
  private let clock = Clock()
  private let log: EventLog
  private let users: UserTable
  private let groups: PersistentSubscriptions
  private var comparison: FrameComparison
  private var sessions: [Int: ServerSession] = [:]
  private var decoders: [Int: NIOSingleStepByteToMessageProcessor<FrameDecoder>] = [:]
  private var produced: [Int: [Frame]] = [:]
  private var closed: Set<Int> = []
  private(set) var differences: [Difference] = []

  private static let users =
    ServerUser.defaults + [ServerUser(name: "reader", password: "reader-pass")]

  init(_ recording: Recording, _ circumstances: Circumstances = Circumstances()) {
    self.recording = recording
    self.circumstances = circumstances
    // A node without a quorum has an empty log.
    log = EventLog(users: circumstances.availability == .notReady ? [] : Self.users) { [clock] in
      clock.now.withLock { $0 }
    }
    users = UserTable(Self.users)
    groups = PersistentSubscriptions(log: log) { [clock] in
      clock.now.withLock { .milliseconds($0.ticks / 10_000) }
    }
    comparison = FrameComparison(values: VolatileValues(floor: log.writerCheckpoint))
  }

  /// Plays all steps; the differences.
  mutating func run() throws -> [Difference] {
    for step in recording.steps {
      if let pause = circumstances.pauses[step.sequence] { wait(pause) }
      switch step.direction {
      case .client: if !circumstances.leftOut.contains(step.sequence) { try clientSent(step) }
      case .server: try serverSent(step)
      case .close:
        if step.text == "server", !closed.contains(step.connection) { differ(step, "the server did not close") }
        if step.text == "client" { clientClosed(step.connection) }
      case .note: break
      }
    }
    for (connection, frames) in produced.sorted(by: { $0.key < $1.key }) {
      for frame in frames {
        differences.append(Difference(step: .max, text: "connection \(connection) got one more: \(frame.text)"))
      }
    }
    return differences
  }

  /// What the server tells of its groups now, connections closed: status, items, checkpoint, newest, connections, in flight.
  mutating func groupNumbers() -> [(name: String, numbers: [String])] {
    // The connections were open for a while after the last step: checkpoints were written.
    wait(.seconds(1))
    for connection in sessions.keys.sorted() { clientClosed(connection) }
    return (groups.reports(by: .system) ?? []).map { report in
      let statistics = report.statistics
      let numbers = [
        "\(statistics.items.total)", "\(statistics.checkpoint)", "\(report.lastKnown)", "\(report.consumers.count)",
        "\(statistics.inFlightCount)",
      ]
      return ("\(report.key.stream) \(report.key.group)", [report.status] + numbers)
    }
  }

  private mutating func wait(_ pause: Duration) {
    clock.now.withLock { $0 = Timestamp(ticks: $0.ticks + Int64(pause / .nanoseconds(100))) }
    groups.timePassed()
    deliverLiveEvents()
  }

  private mutating func clientClosed(_ connection: Int) {
    sessions[connection]?.closed()
    sessions[connection] = nil
    deliverLiveEvents()
  }

  private mutating func clientSent(_ step: Step) throws {
    guard let bytes = step.frame else { return }
    let decoder = decoders[step.connection] ?? NIOSingleStepByteToMessageProcessor(FrameDecoder())
    decoders[step.connection] = decoder
    var frames: [Frame] = []
    do {
      try decoder.process(buffer: ByteBuffer(bytes: bytes)) { frames.append($0) }
    } catch let error as WireError {
      closed.insert(step.connection)
      let text = BadRequest(text: "\(error)")
      produced[step.connection, default: []].append(text.frame(correlationID: .zero))
    }
    for frame in frames where !closed.contains(step.connection) {
      var session = sessions[step.connection] ?? makeSession()
      take(session.frameReceived(try translate(frame)), step.connection)
      sessions[step.connection] = session
      deliverLiveEvents()
    }
  }

  private func makeSession() -> ServerSession {
    let availability = circumstances.availability
    return ServerSession(log: log, users: users, groups: groups, availability: { availability })
  }

  private mutating func take(_ actions: [SessionAction], _ connection: Int) {
    for action in actions {
      switch action {
      case .send(let frame): produced[connection, default: []].append(frame)
      case .close: closed.insert(connection)
      }
    }
  }

  /// What one connection takes can be there for another too, so they take turns until nobody gets anything.
  private mutating func deliverLiveEvents() {
    var isQuiet = false
    while !isQuiet {
      isQuiet = true
      for connection in sessions.keys.sorted() where sessions[connection]?.hasSubscriptions == true {
        guard let live = sessions[connection]?.liveFrames(maximumCount: 2) else { continue }
        produced[connection, default: []] += live.frames
        if live.hasMore || !live.frames.isEmpty { isQuiet = false }
      }
    }
  }

  private mutating func serverSent(_ step: Step) throws {
    guard let bytes = step.frame else { return }
    let recorded = try Frame(body: ByteBuffer(bytes: bytes[4...]))
    let frames = produced[step.connection] ?? []
    guard let index = frames.firstIndex(where: { $0.correlationID == recorded.correlationID }) else {
      return differ(step, "no answer instead of \(recorded.text)")
    }
    produced[step.connection]?.remove(at: index)
    if closed.contains(step.connection), recorded.correlationID == .zero, recorded.command == .badRequest {
      // The words of a refused frame are the connection's, not the session's.
      if frames[index].command != .badRequest { differ(step, "no refusal") }
    } else if let difference = try comparison.difference(recorded, frames[index]) {
      differ(step, difference)
    }
  }

  private mutating func differ(_ step: Step, _ text: String) {
    differences.append(Difference(step: step.sequence, text: text))
  }

  /// The frame with our positions in the places of recorded ones.
  private mutating func translate(_ frame: Frame) throws -> Frame {
    let values = comparison.values
    var payload = ByteBuffer()
    switch frame.command {
    case .readAllEventsForward, .readAllEventsBackward:
      var message = try ReadAllEvents(frame)
      message.position = values.ours(message.position)
      message.encode(into: &payload)
    case .transactionWrite:
      var message = try TransactionWrite(frame)
      message.transactionID = values.ours(message.transactionID)
      comparison.values.clientIDs.formUnion(message.events.map(\.id))
      message.encode(into: &payload)
    case .transactionCommit:
      var message = try TransactionCommit(frame)
      message.transactionID = values.ours(message.transactionID)
      message.encode(into: &payload)
    case .writeEvents:
      // What cannot be read is sent as it is.
      if let message = try? WriteEvents(frame) { comparison.values.clientIDs.formUnion(message.events.map(\.id)) }
      return frame
    default: return frame
    }
    var translated = frame
    translated.payload = payload
    return translated
  }
}

extension Replay.Difference: CustomStringConvertible {
  var description: String { "step \(step): \(text)" }
}
