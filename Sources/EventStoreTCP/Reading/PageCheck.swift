import EventStoreCore

/// Refuses pages that do not go on in the direction of the read: following one would never end.
enum PageCheck {
  /// A page of `$all` goes on when its next position is not behind where it was asked for; the same place is the end.
  static func check(_ page: AllPage, _ direction: ReadDirection, from position: Position) throws(EventStoreError) {
    let next = page.nextPosition
    let asked = position == .end ? page.position : position
    let isOnward =
      switch direction {
      case .forward: next >= asked
      case .backward: next <= asked
      }
    guard isOnward, next.commit >= 0, next.prepare >= 0 else {
      throw EventStoreError(
        .protocolViolation, "a page of $all from \(asked) goes on at \(next), the wrong way", position: asked)
    }
  }

  /// A page of a stream goes on when its next number is beyond where it was asked for.
  static func check(
    _ page: StreamPage, of stream: StreamName, _ direction: ReadDirection, from number: EventNumber
  ) throws(EventStoreError) {
    guard !page.isEndOfStream else { return }
    let next = page.nextEventNumber
    let isOnward =
      switch direction {
      case .forward: next > number
      case .backward: next >= 0 && (number == .streamEnd || next < number)
      }
    guard isOnward else {
      throw EventStoreError(
        .protocolViolation, "a page of stream \(stream) from \(number) goes on at \(next), the wrong way",
        stream: stream)
    }
  }
}
