#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process that the benchmark began; its standard output is a pipe.
struct Child: ~Copyable {
  private let id: pid_t
  private let output: Int32
  private let began: Usage
  private let command: [String]

  /// Begins a command, found by `PATH`.
  ///
  /// - Parameters:
  ///   - standardOutput: A file for its output; nil to read it here.
  ///   - standardError: A file for what it says beside that; nil for where ours goes.
  init(_ command: [String], standardOutput: String? = nil, standardError: String? = nil) throws {
    var pipeEnds: [Int32] = [-1, -1]
    guard pipe(&pipeEnds) == 0 else { throw BenchmarkError("a pipe could not be made") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let standardOutput {
      posix_spawn_file_actions_addopen(&actions, 1, standardOutput, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    } else {
      posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], 1)
    }
    if let standardError {
      posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    posix_spawn_file_actions_addclose(&actions, pipeEnds[0])
    posix_spawn_file_actions_addclose(&actions, pipeEnds[1])
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id: pid_t = 0
    let began = Usage.ofThisProcess
    let status = posix_spawnp(&id, command[0], &actions, nil, &arguments, environ)
    close(pipeEnds[1])
    guard status == 0 else {
      close(pipeEnds[0])
      throw BenchmarkError("\(command[0]) cannot be run: \(String(cString: strerror(status)))")
    }
    self.id = id
    self.command = command
    self.began = began
    output = pipeEnds[0]
  }

  /// The next line of its output; nil at the end.
  func readLine() -> String? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// Waits for its end.
  ///
  /// - Returns: What the whole process has used, and what it printed.
  /// - Throws: when it did not end with the status 0.
  consuming func finish() throws -> (usage: Usage, output: String) {
    let words = command.joined(separator: " ")
    var text: [String] = []
    while let line = readLine() { text.append(line) }
    let (status, usage) = reap()
    guard status == 0 else {
      throw BenchmarkError(
        "it ended with the status \(status): \(words)\n\(text.joined(separator: "\n"))")
    }
    return (usage, text.joined(separator: "\n"))
  }

  /// Ends a process that runs until it is told to end.
  consuming func stop() {
    kill(id, SIGKILL)
    _ = reap()
  }

  private consuming func reap() -> (status: Int32, usage: Usage) {
    close(output)
    var status: Int32 = 0
    var used = rusage()
    while wait4(id, &status, 0, &used) < 0, errno == EINTR {}
    return (status, Usage(used, wallSeconds: Usage.ofThisProcess.since(began).wallSeconds))
  }

  /// Runs a command to its end.
  @discardableResult
  static func run(
    _ command: [String], standardOutput: String? = nil, standardError: String? = nil
  ) throws -> (usage: Usage, output: String) {
    try Child(command, standardOutput: standardOutput, standardError: standardError).finish()
  }
}

/// Why there is no result.
struct BenchmarkError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
