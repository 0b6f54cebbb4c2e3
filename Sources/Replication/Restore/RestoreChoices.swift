/// What happens to event numbers that the target would not give by itself.
package enum RestoreNumbers: String, Hashable, Sendable, CaseIterable, Codable {
  /// They stay; a stream whose numbers would change is refused before anything of it is written.
  case strict
  /// The events of a stream are numbered from 0 without holes.
  case renumber
  /// They stay; holes are filled with small events that mean nothing.
  case preserve
}

/// In which order the target receives the events.
package enum RestoreOrder: String, Hashable, Sendable, CaseIterable, Codable {
  /// The archive's within each stream; streams among each other as it comes.
  case stream
  /// The archive's over all streams, but for stream metadata and tombstones, which come last.
  case global
}

/// What a conflict with the target means for the run.
package enum RestoreOnConflict: String, Hashable, Sendable, CaseIterable, Codable {
  /// The stream is left alone, the others go on, and the run ends as a conflict.
  case fail
  /// The stream is left alone, the others go on, and the run ends as incomplete.
  case skip
}

/// Which stream metadata are written.
package enum RestoreMetadata: String, Hashable, Sendable, CaseIterable, Codable {
  /// The last state.
  case final
  /// All archived states, one after the other.
  case history
  /// None.
  case none
}
