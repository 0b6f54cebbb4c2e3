import EventArchive
import EventStoreCore

/// Carries out what `AnchorCheckStateMachine` asks for.
struct SourceCheck: Sendable {
  let source: any EventReader
  let patience: Patience

  /// How often a source that ends too early is looked at again.
  private static let lookAgain = Duration.seconds(1)

  /// Makes sure that the source is the one of the resume point; true when an anchor proved it.
  ///
  /// - Throws: `sourceDiverged`, `stalled`, and the source's errors.
  func run(_ resumePoint: ResumePoint) async throws -> Bool {
    var machine = AnchorCheckStateMachine(checkpoint: resumePoint.checkpoint, anchors: resumePoint.anchors)
    let began = patience.stopwatch.elapsed
    var action = machine.started()
    while true {
      switch action {
      case .readEnd:
        action = machine.endRead(try await readEnd())
      case .readEvent(let position):
        action = try await readAnchor(at: position, &machine)
      case .waitForSource:
        let left = patience.policy.stallTimeout - (patience.stopwatch.elapsed - began)
        if left > .zero { try await patience.pause(min(left, Self.lookAgain)) }
        action = machine.waited(hasTimeLeft: left > .zero)
      case .same:
        return true
      case .unproven:
        return false
      case .diverged(let why):
        throw Self.diverged(why, at: resumePoint.checkpoint)
      }
    }
  }

  /// The source's end; that of a source whose newest event cannot be read lies far away.
  private func readEnd() async throws -> Position? {
    do {
      return try await patience("reading the end of $all") { try await source.lastPosition() }
    } catch let error as EventStoreError where error.isAboutWhatIsRead {
      return Position(commit: .max, prepare: .max)
    }
  }

  private func readAnchor(
    at position: Position, _ machine: inout AnchorCheckStateMachine
  ) async throws -> AnchorCheckStateMachine.Action {
    do {
      let page = try await patience("reading $all at \(position)") {
        try await source.readAll(.forward, from: position, maximumCount: 1, resolveLinks: false)
      }
      let first = page.events.first.flatMap { event in
        (event.position ?? event.received?.position).flatMap { position in
          event.received.map { (position: position, id: $0.id) }
        }
      }
      return machine.eventRead(first)
    } catch let error as EventStoreError where error.code == .serverError {
      return machine.eventRefused(error.description)
    } catch let error as EventStoreError where error.isAboutWhatIsRead {
      // It proves nothing that this client cannot read what an earlier one could.
      return machine.eventRead(nil)
    }
  }

  static func diverged(_ why: String, stream: StreamName? = nil, at position: Position?) -> ReplicationError {
    ReplicationError(
      .sourceDiverged, "the source is not the one that was archived: \(why)", stream: stream, position: position,
      hint: "it is another cluster, or was restored from an older copy; back it up into a new archive")
  }
}
