internal import EventStoreCore

/// Where a line has its values: the outcome of one walk over it, before anything is copied.
struct LineScan {
  /// The bytes of a string or a payload, and how they are to be read.
  struct Slice {
    var range: Range<Int> = 0..<0
    var form: LineField.Form = .plain
    /// Whether the string has escapes.
    var isEscaped = false
  }

  private(set) var stream = Slice()
  private(set) var type = Slice()
  private(set) var id = Slice()
  private(set) var created = Slice()
  private(set) var number: Int64 = 0
  private(set) var position: Position?
  private(set) var isJSON = false
  private(set) var data = Slice()
  private(set) var metadata = Slice()
  private var seen: UInt16 = 0

  /// Walks over a line without its LF.
  init(base: UnsafePointer<UInt8>, count: Int) throws(LineDamage) {
    var walk = ObjectWalk(base: base, count: count)
    var more = try walk.begin()
    while more {
      try readMember(&walk)
      more = try walk.hasNext()
    }
    guard walk.json.position == count else { throw walk.damage(.notAnObject, "something follows the event") }
    for field in LineField.required where seen & field.bit == 0 {
      throw walk.damage(.missingKey, "the event has no '\(field.name)'")
    }
  }

  @inline(__always)
  private mutating func readMember(_ walk: inout ObjectWalk) throws(LineDamage) {
    let key = try walk.nextKey()
    guard let (field, form) = LineField.recognise(key) else {
      _ = try walk.value(of: "an unknown key")
      return
    }
    guard seen & field.bit == 0 else {
      throw LineDamage(.repeatedKey, "the event has '\(field.name)' twice", offset: key.start)
    }
    seen |= field.bit
    switch field {
    case .stream: stream = try Self.slice(field, form, &walk)
    case .type: type = try Self.slice(field, form, &walk)
    case .id: id = try Self.slice(field, .text, &walk)
    case .created: created = try Self.slice(field, .text, &walk)
    case .number: number = try walk.number(of: field.name)
    case .position: position = try Self.position(&walk)
    case .json: isJSON = try walk.boolean(of: field.name)
    case .data: data = try Self.slice(field, form, &walk)
    case .metadata: metadata = try Self.slice(field, form, &walk)
    }
  }

  @inline(__always)
  private static func slice(
    _ field: LineField, _ form: LineField.Form, _ walk: inout ObjectWalk
  ) throws(LineDamage) -> Slice {
    switch form {
    case .plain:
      return Slice(range: try walk.value(of: field.name), form: form)
    case .text, .base64:
      let (range, isEscaped) = try walk.string(of: field.name)
      return Slice(range: range, form: form, isEscaped: isEscaped)
    }
  }

  private static func position(_ walk: inout ObjectWalk) throws(LineDamage) -> Position {
    var commit: Int64?
    var prepare: Int64?
    var more = try walk.begin()
    while more {
      let key = try walk.nextKey()
      switch PositionField.recognise(key) {
      case .commit:
        guard commit == nil else {
          throw LineDamage(.repeatedKey, "the position has 'commit' twice", offset: key.start)
        }
        commit = try walk.number(of: "commit")
      case .prepare:
        guard prepare == nil else {
          throw LineDamage(.repeatedKey, "the position has 'prepare' twice", offset: key.start)
        }
        prepare = try walk.number(of: "prepare")
      case nil:
        _ = try walk.value(of: "an unknown key")
      }
      more = try walk.hasNext()
    }
    guard let commit, let prepare else {
      throw walk.damage(.missingKey, "the position needs both 'commit' and 'prepare'")
    }
    return Position(commit: commit, prepare: prepare)
  }
}
