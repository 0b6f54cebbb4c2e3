public import EventStoreCore
public import FoundationEssentials

extension ProposedEvent {
  /// An event whose data are the JSON of a value, marked as JSON.
  ///
  /// ```swift
  /// let event = try NewEvent.json(
  ///   "PonyJumped", PonyJumped(pony: "Derpy Hooves", height: 10), metadata: .json(["user": "applejack"]))
  /// ```
  /// - Parameters:
  ///   - id: by which the server recognises a repeat.
  ///   - metadata: any bytes; most programs expect a JSON object.
  ///   - encoder: as for `Bytes.json`.
  /// - Throws: `invalidArgument` when the value cannot be encoded.
  public static func json(
    _ type: EventType, _ body: some Encodable, id: EventID = EventID(), metadata: Bytes = Bytes(),
    encoder: JSONEncoder? = nil
  ) throws -> NewEvent {
    do {
      return NewEvent(id: id, type: type, isJSON: true, data: try .json(body, encoder: encoder), metadata: metadata)
    } catch {
      throw EventStoreError(
        .invalidArgument, "the body of an event of type \(type) cannot be written as JSON", cause: "\(error)")
    }
  }
}
