import Glibc

/// The variables of the environment.
enum Environment {
  static subscript(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// Says something on standard error.
func complain(_ words: String) {
  let line = Array("fuzz: \(words)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
}
