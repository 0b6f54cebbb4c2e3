/// The text given for an option, read as what the option wants.
struct OptionValue {
  let name: String
  let text: String
  private(set) var problems: [String]

  init(name: String, text: String, problems: [String]) {
    self.name = name
    self.text = text
    self.problems = problems
  }

  mutating func bool(_ take: (Bool) -> Void) {
    switch text.lowercased() {
    case "true": take(true)
    case "false": take(false)
    default: problems.append("\(name) must be true or false, not \"\(text)\"")
    }
  }

  mutating func text(_ take: (String) -> Void) {
    if text.isEmpty { problems.append("\(name) is empty") } else { take(text) }
  }

  mutating func integer(_ take: (Int) -> Void) {
    guard let number = Int(text) else { return problems.append("\(name) must be a whole number, not \"\(text)\"") }
    take(number)
  }

  /// -1 is without limit; n is the first attempt and n more.
  mutating func attempts(_ take: (ConnectionSettings.AttemptLimit) -> Void) {
    guard let number = Int(text), (-1...1_000_000).contains(number) else {
      return problems.append("\(name) must be -1, or 0 to 1000000, not \"\(text)\"")
    }
    take(number == -1 ? .unlimited : .times(number + 1))
  }

  /// Milliseconds, or a whole number with `ms`, `s` or `m`; at most a day.
  mutating func duration(_ take: (Duration) -> Void) {
    let units: [(suffix: String, milliseconds: Int)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("", 1)]
    for (suffix, milliseconds) in units where text.lowercased().hasSuffix(suffix) {
      guard let number = Int(text.dropLast(suffix.count)), (0...86_400_000 / milliseconds).contains(number) else {
        break
      }
      return take(.milliseconds(number * milliseconds))
    }
    problems.append("\(name) must be milliseconds, or like 500ms, 10s or 2m, and at most a day, not \"\(text)\"")
  }

  mutating func nodePreference(_ take: (NodePreference) -> Void) {
    switch text.lowercased() {
    case "leader", "master": take(.leader)
    case "follower", "slave": take(.follower)
    case "random": take(.random)
    case "readonlyreplica": take(.readOnlyReplica)
    default: problems.append("\(name) must be leader, follower, random or readOnlyReplica, not \"\(text)\"")
    }
  }
}
