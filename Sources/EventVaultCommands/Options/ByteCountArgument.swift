import ArgumentParser

/// A size on the command line: `65536`, `64KiB`, `64MiB`, `1GiB`.
package struct ByteCountArgument: ExpressibleByArgument, Equatable, Sendable {
  /// The size in bytes; at least one.
  package let bytes: Int

  package init(_ bytes: Int) {
    self.bytes = bytes
  }

  private static let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)]

  package init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = Self.units.first { $0.0 == argument.dropFirst(digits.count) }
    guard let count = Int(digits), let unit, count > 0, count <= Int.max / unit.1 else { return nil }
    bytes = count * unit.1
  }

  package var defaultValueDescription: String {
    let unit = Self.units.first { bytes.isMultiple(of: $0.1) } ?? ("", 1)
    return "\(bytes / unit.1)\(unit.0)"
  }
}
