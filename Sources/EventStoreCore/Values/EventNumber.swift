/// The place of an event in its stream, from 0.
public typealias EventNumber = Int64

extension EventNumber {
  /// As the place to read from, backward: the stream's last event.
  public static let streamEnd: EventNumber = -1
  /// The number of a tombstone; as `$tb`, what a soft delete writes.
  public static let deleted: EventNumber = .max
}
