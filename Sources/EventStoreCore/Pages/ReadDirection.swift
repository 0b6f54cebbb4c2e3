/// Which way a read goes.
public enum ReadDirection: Hashable, Sendable, CaseIterable {
  /// From old to new.
  case forward
  /// From new to old.
  case backward
}
