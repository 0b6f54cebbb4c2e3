/// An event as a read gives it: with the link that led to it, when links were resolved.
public struct ResolvedEvent: Hashable, Sendable {
  /// The event itself, or the target of `link`; nil for a dead link.
  public var event: RecordedEvent?
  /// The link that was resolved; nil when there was none or links were not resolved.
  public var link: RecordedEvent?
  /// The place in `$all` of what was read; nil where the source gave none.
  public var position: Position?

  /// A read always gives an event, a link, or both.
  public init(event: RecordedEvent?, link: RecordedEvent? = nil, position: Position? = nil) {
    self.event = event
    self.link = link
    self.position = position
  }

  /// What stands in the stream that was read: the link where there is one, else the event.
  package var received: RecordedEvent? { link ?? event }
}
