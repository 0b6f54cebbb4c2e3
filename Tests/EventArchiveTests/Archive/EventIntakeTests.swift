import EventStoreCore
import Testing

@testable import EventArchive

/// Where frames and segments end, decided before a line is written.
@Suite struct EventIntakeTests {
  private static let scope = ArchiveScope.all(includeSystem: true)

  private static func intake(maximumFrameBytes: Int = 1 << 20) -> EventIntake {
    EventIntake(
      after: EventOrder(scope, after: ResumePoint()), tail: EventTail(scope, anchorLimit: 1),
      maximumFrameBytes: maximumFrameBytes)
  }

  /// Why the intake stopped.
  private enum Stop {
    case end, segment, frame
  }

  private static func stop(_ pause: EventIntake.Pause?) -> Stop {
    switch pause {
    case nil: .end
    case .segment: .segment
    case .frame: .frame
    }
  }

  private static func numbers(_ draft: FrameDraft?) -> [EventNumber] {
    draft?.parts.flatMap { $0.map(\.number) } ?? []
  }

  @Test("A frame ends before the line that it has no room for, wherever the appended arrays end")
  func frames() throws {
    let events = ArchiveSamples.events(10)
    let sizes = events.map { EventLineEncoder.likelyBytes(of: $0) }
    var intake = Self.intake(maximumFrameBytes: sizes[0..<4].reduce(0, +))
    var next = 0
    #expect(Self.stop(try intake.take(Array(events[..<3]), from: &next, sealing: false)) == .end)
    #expect(next == 3)
    next = 0
    let rest = Array(events[3...])
    guard case .frame(let draft) = try intake.take(rest, from: &next, sealing: false) else {
      Issue.record("no frame ended")
      return
    }
    #expect(Self.numbers(draft) == [0, 1, 2, 3])
    #expect(draft.lineBytes == sizes[0..<4].reduce(0, +))
    #expect(next == 1)
    #expect(intake.events == 4)
  }

  @Test("A line longer than a frame may be is alone in its frame")
  func longLine() throws {
    var intake = Self.intake(maximumFrameBytes: 1)
    let events = ArchiveSamples.events(3)
    var next = 0
    var frames: [[EventNumber]] = []
    while case .frame(let draft) = try intake.take(events, from: &next, sealing: false) {
      frames.append(Self.numbers(draft))
    }
    frames.append(Self.numbers(intake.finishFrame()))
    #expect(frames == [[0], [1], [2]])
    #expect(intake.finishFrame().map { Self.numbers($0) } == nil)
  }

  @Test("A segment that has to end ends before the next commit position, not within one")
  func segments() throws {
    // The events 4 and 3 share a commit position.
    let events = ArchiveSamples.events(7)
    var intake = Self.intake()
    var next = 0
    #expect(Self.stop(try intake.take(Array(events[..<4]), from: &next, sealing: true)) == .segment)
    #expect(next == 1)
    #expect(Self.stop(try intake.take(Array(events[..<4]), from: &next, sealing: false)) == .end)
    next = 4
    #expect(Self.stop(try intake.take(events, from: &next, sealing: true)) == .segment)
    #expect(next == 5)
    #expect(Self.numbers(intake.finishFrame()) == [0, 1, 2, 3, 4])
    #expect(intake.position == events[4].position)
    intake.beginSegment()
    #expect(intake.isSegmentEmpty)
    #expect(intake.position == nil)
    // The first event of a segment always goes in.
    #expect(Self.stop(try intake.take(Array(events[..<6]), from: &next, sealing: true)) == .end)
    #expect(!intake.isSegmentEmpty)
  }

  @Test("What cannot be taken is refused, and the events before it were taken", arguments: [true, false])
  func refusal(isOutOfOrder: Bool) throws {
    var events = ArchiveSamples.events(5)
    if isOutOfOrder { events[3].position = events[1].position } else { events[3].number = -1 }
    var intake = Self.intake()
    var next = 0
    let error = #expect(throws: ArchiveError.self) { try intake.take(events, from: &next, sealing: false) }
    #expect(error?.code == (isOutOfOrder ? .outOfOrder : .invalidArgument))
    #expect(next == 3)
    #expect(intake.events == 3)
    #expect(Self.numbers(intake.finishFrame()) == [0, 1, 2])
  }

  @Test("An event that does not follow does not end a segment either")
  func refusalWhileSealing() throws {
    let events = ArchiveSamples.events(3)
    var intake = Self.intake()
    var next = 0
    _ = try intake.take(events, from: &next, sealing: false)
    next = 0
    let error = #expect(throws: ArchiveError.self) { try intake.take(events, from: &next, sealing: true) }
    #expect(error?.code == .outOfOrder)
  }
}
