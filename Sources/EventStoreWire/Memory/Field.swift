internal import CEventStoreProtos
internal import EventStoreCore

// Setting a field of a C message, and that it is present.

/// Sets a field.
func set<Value>(_ field: inout Value, _ isPresent: inout protobuf_c_boolean, _ value: Value) {
  field = value
  isPresent = 1
}

/// Sets a field when there is a value.
func set<Value>(_ field: inout Value, _ isPresent: inout protobuf_c_boolean, ifPresent value: Value?) {
  guard let value else { return }
  field = value
  isPresent = 1
}

/// Sets a field that is true or false.
func set(_ field: inout protobuf_c_boolean, _ isPresent: inout protobuf_c_boolean, _ value: Bool) {
  field = value ? 1 : 0
  isPresent = 1
}

/// Sets a field of an enumeration.
func set<Field: RawRepresentable<UInt32>>(
  _ field: inout Field, _ isPresent: inout protobuf_c_boolean, _ value: some RawRepresentable<UInt32>
) {
  guard let number = Field(rawValue: value.rawValue) else { return }
  field = number
  isPresent = 1
}
