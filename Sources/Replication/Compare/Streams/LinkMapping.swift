import EventStoreCore

/// Where the links of the reference lead on the target: restored ones follow what they lead to, as `EventTransform` does it.
struct LinkMapping: Sendable {
  private let inventory: Inventory
  private let shapes: [StreamName: StreamShape]
  private let renumbered: Set<StreamName>

  /// - Parameters:
  ///   - shapes: The numbers of the streams that begin late or have holes.
  ///   - renumbered: Those that are counted anew on the target.
  init(_ inventory: Inventory, shapes: [StreamName: StreamShape], renumbered: Set<StreamName>) {
    (self.inventory, self.shapes, self.renumbered) = (inventory, shapes, renumbered)
  }

  /// Whether a restore takes the event that the link leads to; other links stay as they are.
  func isRestored(_ link: LinkTarget) -> Bool {
    guard inventory.takes(link.stream) else { return false }
    let reference = inventory.streams[link.stream]
    if let reference, reference.isLeftOut { return false }
    if let shape = shapes[link.stream] { return shape.holds(link.number) }
    return !inventory.shortened.contains(link.stream) || link.number <= reference?.tally.last ?? -1
  }

  /// The number on the target of the event that a link leads to.
  func number(of link: LinkTarget) -> EventNumber {
    guard renumbered.contains(link.stream), let shape = shapes[link.stream] else { return link.number }
    return shape.ordinal(of: link.number)
  }
}
