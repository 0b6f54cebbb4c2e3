internal import CEventStoreProtos
package import NIOCore

/// Answers `ScavengeDatabase`: old servers when the scavenge has ended, newer ones when it has begun.
package struct ScavengeDatabaseCompleted: SingleCommandMessage {
  package static let command = Command.scavengeDatabaseCompleted

  /// What became of the scavenge.
  package enum Result: UInt32, Hashable, Sendable, CaseIterable {
    /// It ended well (3, 4), or began (5 and later).
    case success = 0
    case inProgress = 1
    /// It failed, or the user may not ask for it.
    case failed = 2
  }

  /// What became of it.
  package var result: Result
  /// The server's words (3, 4), or the scavenge's id (5 and later).
  package var detail: String?
  /// How long it took (3, 4).
  package var totalMilliseconds: Int32?
  /// How many bytes of log it removed (3, 4).
  package var spaceSaved: Int64?

  package init(result: Result, detail: String? = nil, totalMilliseconds: Int32? = nil, spaceSaved: Int64? = nil) {
    self.result = result
    self.detail = detail
    self.totalMilliseconds = totalMilliseconds
    self.spaceSaved = spaceSaved
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let answer = writing.make(eventstore__scavenge_database_completed__init)
      set(&answer.pointee.result, &answer.pointee.has_result, result)
      set(
        &answer.pointee.error_or_scavenge_id, &answer.pointee.has_error_or_scavenge_id,
        ifPresent: detail.map { writing.copy($0.utf8) })
      set(&answer.pointee.total_time_ms, &answer.pointee.has_total_time_ms, ifPresent: totalMilliseconds)
      set(&answer.pointee.total_space_saved, &answer.pointee.has_total_space_saved, ifPresent: spaceSaved)
      return answer
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__scavenge_database_completed__unpack) {
      answer, reading throws(WireError) in
      ScavengeDatabaseCompleted(
        result: try reading.value(answer.result, "result of a scavenge"),
        detail: reading.text(answer.error_or_scavenge_id, ifPresent: answer.has_error_or_scavenge_id),
        totalMilliseconds: answer.has_total_time_ms == 0 ? nil : answer.total_time_ms,
        spaceSaved: answer.has_total_space_saved == 0 ? nil : answer.total_space_saved)
    }
  }
}
