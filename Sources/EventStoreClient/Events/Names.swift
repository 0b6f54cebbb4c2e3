// A program needs no other import: streams, events and errors come with the client.
@_exported public import EventStoreCore

/// An event as reads, iterations and subscriptions give it; with the link that led to it, when links were resolved.
///
/// ```swift
/// let event = try await client.getEvent("ponies", 0)
/// print(event.number, event.type, try event.json(as: PonyJumped.self).height)
/// ```
public typealias Event = ResolvedEvent

/// An event to be published.
///
/// ```swift
/// let events = [
///   try NewEvent.json("PonyJumped", PonyJumped(pony: "Derpy Hooves", height: 10)),
///   NewEvent(type: "PonyPhotographed", isJSON: false, data: Bytes([0xFF, 0xD8])),
/// ]
/// try await client.publish(to: "ponies", events)
/// ```
public typealias NewEvent = ProposedEvent
