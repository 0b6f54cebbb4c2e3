@testable import EventArchive
@testable import EventStoreCore

extension JSONValue {
  /// Whether the value is what another parser has read.
  func says(_ other: RawJSON) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let value), .bool(let same)): value == same
    case (.number(let text), .number(let characters)): text.utf8.elementsEqual(characters)
    case (.string(let text), .string): other.text.map { text.utf8.elementsEqual($0.utf8) } ?? false
    case (.array(let values), .array(let elements)):
      values.count == elements.count && zip(values, elements).allSatisfy { $0.says($1) }
    case (.object(let members), .object(let others)):
      members.count == others.count
        && zip(members, others).allSatisfy { $0.key.utf8.elementsEqual($1.name) && $0.value.says($1.value) }
    case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }
}
