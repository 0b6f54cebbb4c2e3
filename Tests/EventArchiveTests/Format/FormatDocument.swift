import Foundation

/// The worked example as docs/ARCHIVE-FORMAT.md has it: what it tells people to type, and what they then see.
struct FormatDocument {
  /// A command, and what it prints.
  struct Step {
    var command: String
    var output: String
  }

  /// The steps, in the order of the document. Blocks marked `sh` print nothing.
  let steps: [Step]

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let text = try String(contentsOf: root.appendingPathComponent("docs/ARCHIVE-FORMAT.md"), encoding: .utf8)
    var steps: [Step] = []
    var block: String?
    var isInExample = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") { isInExample = line == "## Worked example" }
      guard isInExample else { continue }
      switch (block, line) {
      case (nil, "```sh"):
        block = "sh"
        steps.append(Step(command: "", output: ""))
      case (nil, "```console"): block = "console"
      case (_?, "```"): block = nil
      case ("sh"?, _): steps[steps.count - 1].command += line + "\n"
      case ("console"?, _) where line.hasPrefix("$ "):
        steps.append(Step(command: String(line.dropFirst(2)), output: ""))
      case ("console"?, _) where !steps.isEmpty: steps[steps.count - 1].output += line + "\n"
      default: break
      }
    }
    self.steps = steps
  }
}
