import EventStoreCore
import EventStoreWire

/// Which of our positions and ids stands for which recorded one.
///
/// Learned from answers: a pair that was seen must be seen again, and the order of positions must be the same on both sides.
struct VolatileValues {
  private var positions: [Int64: Int64] = [:]
  private var recordedPositions: [Int64: Int64] = [:]
  private var ids: [EventID: EventID] = [:]
  private var recordedIDs: [EventID: EventID] = [:]

  /// Ids that the client chose; they are the same on both sides.
  var clientIDs: Set<EventID> = []
  /// Where our log ended before the scenario.
  let floor: Int64
  /// Where the recorded log ended before the scenario; nil while nothing was written in it.
  private(set) var recordedFloor: Int64?

  /// Positions further from a known one than this do not belong to it.
  private static let reach: Int64 = 100_000

  init(floor: Int64) {
    self.floor = floor
  }

  /// The position to ask for, where the recorded client asked for this one.
  func ours(_ recorded: Int64) -> Int64 {
    guard recorded > 0 else { return recorded }
    if let known = positions[recorded] { return known }
    let below = positions.filter { $0.key < recorded && $0.value >= floor }.max { $0.key < $1.key }
    guard let below, recorded - below.key < Self.reach else { return recorded }
    return below.value + recorded - below.key
  }

  func ours(_ recorded: Position) -> Position {
    Position(commit: ours(recorded.commit), prepare: ours(recorded.prepare))
  }

  /// The recorded position that ours stands for; ours itself where that cannot be.
  mutating func recorded(_ ours: Int64, for recorded: Int64) -> Int64 {
    guard ours > 0, recorded > 0 else { return ours }
    if positions[recorded] == nil, recordedPositions[ours] == nil {
      guard isInOrder(ours, recorded) else { return ours }
      positions[recorded] = ours
      recordedPositions[ours] = recorded
    }
    return recordedPositions[ours] ?? ours
  }

  mutating func recorded(_ ours: Position, for recorded: Position) -> Position {
    Position(
      commit: self.recorded(ours.commit, for: recorded.commit),
      prepare: self.recorded(ours.prepare, for: recorded.prepare))
  }

  /// The recorded id that ours stands for; ours itself where that cannot be.
  mutating func recorded(_ ours: EventID, for recorded: EventID) -> EventID {
    if clientIDs.contains(ours) || clientIDs.contains(recorded) { return ours }
    if ids[recorded] == nil, recordedIDs[ours] == nil {
      ids[recorded] = ours
      recordedIDs[ours] = recorded
    }
    return recordedIDs[ours] ?? ours
  }

  /// Something was written: the first time this tells where the recorded log ended before.
  mutating func written(_ ours: Int64, recorded: Int64) {
    if recordedFloor == nil, ours >= floor, recorded > 0 { recordedFloor = recorded - (ours - floor) }
  }

  /// Whether an event belongs to what was written before the scenario, on either side.
  func isHistory(_ event: ResolvedEvent, recorded: Bool) -> Bool {
    guard let position = event.position else { return false }
    return position.commit < (recorded ? recordedFloor ?? .max : floor)
  }

  private func isInOrder(_ ours: Int64, _ recorded: Int64) -> Bool {
    positions.allSatisfy { ($0.key < recorded) == ($0.value < ours) }
  }
}
