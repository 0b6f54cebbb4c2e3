/// Ends the program when what is claimed of an input does not hold: libFuzzer then keeps the input.
func claim(
  _ holds: Bool, _ words: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line
) {
  if !holds { fatalError("a claim does not hold: \(words())", file: file, line: line) }
}

/// The value that `body` returns; ends the program when it throws.
func mustNotThrow<Value>(
  _ words: String, file: StaticString = #file, line: UInt = #line, _ body: () throws -> Value
) -> Value {
  do {
    return try body()
  } catch {
    fatalError("a claim does not hold: \(words): \(error)", file: file, line: line)
  }
}
