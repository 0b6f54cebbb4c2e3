import EventStoreCore

/// What changes of an event on its way to the target: nothing, unless asked for.
struct EventTransform: Sendable {
  let naming: StreamNaming
  let numbers: NumberMap
  private let addsOrigin: Bool
  private let rewritesLinks: Bool

  init(_ configuration: RestoreConfiguration, numbers: NumberMap) {
    naming = StreamNaming(configuration.renames)
    self.numbers = numbers
    addsOrigin = configuration.addsOriginMetadata
    rewritesLinks = configuration.numbers == .renumber || !configuration.renames.isEmpty
  }

  /// The event as it is written.
  ///
  /// - Parameter isRestored: Whether the restore takes the event that a link leads to; other links stay as they are.
  func proposed(_ event: RecordedEvent, _ link: LinkTarget?, isRestored: (LinkTarget) -> Bool) -> ProposedEvent {
    var proposed = ProposedEvent(event)
    if rewritesLinks, let link, isRestored(link) {
      let target = LinkTarget(
        stream: naming.name(of: link.stream), number: numbers.number(of: link.number, in: link.stream))
      if target != link { proposed.data = target.data }
    }
    if addsOrigin, let metadata = OriginMetadata.metadata(of: event) { proposed.metadata = metadata }
    return proposed
  }
}
