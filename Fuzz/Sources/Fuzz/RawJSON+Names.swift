@testable import EventStoreCore

extension RawJSON {
  /// Whether an object has a name twice, here or further in.
  var repeatsNames: Bool {
    switch self {
    case .null, .bool, .number, .string: false
    case .array(let elements): elements.contains(where: \.repeatsNames)
    case .object(let members):
      Set(members.map(\.name)).count < members.count || members.contains { $0.value.repeatsNames }
    }
  }
}
