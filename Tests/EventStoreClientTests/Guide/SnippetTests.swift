import Foundation
import Testing

/// Holds the documentation to code that is compiled and run.
@Suite("Snippets")
struct SnippetTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A text's lines without indentation; empty ones and comments are left out.
  private func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty && !$0.hasPrefix("//")
    }
  }

  /// The pieces of Swift in a page.
  private func snippets(_ page: String) throws -> [[String]] {
    let text = try String(contentsOf: Self.root.appending(path: page), encoding: .utf8)
    return text.split(separator: "\n```swift\n").dropFirst().map { rest in
      lines(rest.prefix(upTo: rest.range(of: "\n```")?.lowerBound ?? rest.endIndex))
    }
  }

  /// The lines of every example, and of the tests that run the guide, with a server as the pages name it.
  private func code() throws -> [[String]] {
    var code: [[String]] = []
    for folder in ["examples/client", "Tests/EventStoreClientTests/Guide"] {
      let files = FileManager.default.enumerator(at: Self.root.appending(path: folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "swift" else { continue }
        let text = try String(contentsOf: file, encoding: .utf8)
        code.append(
          lines(
            text.replacing(/Client(?:\.connect)?\((?:server|server\.url\(\))(?=[,)])/) { call in
              "\(call.output.prefix { $0 != "(" })(\"tcp://admin:changeit@localhost:1113\""
            }))
      }
    }
    return code
  }

  @Test(
    "Each piece of Swift in the documentation stands in a program or a test that runs",
    arguments: ["README.md", "docs/CLIENT.md"])
  func snippets(page: String) throws {
    let code = try code()
    let snippets = try snippets(page)
    #expect(snippets.count >= 4)
    for snippet in snippets {
      let stands = code.contains { lines in
        lines.indices.contains { lines[$0...].starts(with: snippet) }
      }
      #expect(stands, "\(snippet.joined(separator: "\n"))")
    }
  }
}
