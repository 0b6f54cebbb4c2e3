import EventArchive
import EventStoreCore
import Testing

/// The worked example of the specification is true, and it is what this program writes.
@Suite struct WorkedExampleTests {
  private static let segment = "segments/00000001.ndjson.zst"

  /// The archive as the document tells people to make it; the other steps are left over.
  private static func made(in scratch: Scratch) throws -> ArraySlice<FormatDocument.Step> {
    let steps = try FormatDocument().steps
    let first = try #require(steps.first)
    #expect(try Shell.output(first.command, in: scratch.path) == "")
    return steps.dropFirst()
  }

  @Test("Every command of the document prints what the document says")
  func commands() throws {
    let scratch = try Scratch()
    let steps = try Self.made(in: scratch)
    #expect(steps.count >= 20)
    for step in steps {
      let output = try Shell.output(step.command, in: scratch.path)
      #expect(output == step.output, "\(step.command)")
    }
  }

  @Test("The document's archive verifies, and holds the example's events")
  func isSound() throws {
    let scratch = try Scratch()
    _ = try Self.made(in: scratch)
    let report = try ArchiveVerifier(directory: scratch.path).verify()
    #expect(report.faults == [])
    #expect(report.notes == [])
    #expect(report.description == WorkedExample.description)
    let reader = try ArchiveReader(directory: scratch.path)
    #expect(try ArchiveSamples.all(reader.events()) == WorkedExample.events)
    #expect(reader.checkpoint?.position == WorkedExample.checkpoint)
    #expect(reader.segments.map(\.anchors.count) == [2])
  }

  @Test("The writer makes the document's archive, byte for byte")
  func isWhatIsWritten() async throws {
    let document = try Scratch()
    _ = try Self.made(in: document)
    let written = try Scratch()
    try await WorkedExample.write(to: LocalStorage(directory: written.path))
    // What zstd makes of the same lines can change with its version; the document's archive was made by Debian 12's.
    if try Shell.output("zstd --version", in: written.path).contains("v1.5.4") {
      #expect(try written.read(Self.segment) == document.read(Self.segment))
      #expect(try written.read("manifest.ndjson") == document.read("manifest.ndjson"))
    }
    let compressed = #"s/"(compressedBytes)":[0-9]+|"(sha256|indexSha256|prev|digest)":"[0-9a-f]+"/\1\2/g"#
    for command in ["zstdcat \(Self.segment)", "sed -E '\(compressed)' manifest.ndjson"] {
      let lines = try Shell.output(command, in: written.path)
      #expect(try Shell.output(command, in: document.path) == lines)
      #expect(lines.utf8.count > 800)
    }
  }

  @Test("A line of the document is the one that the encoder writes")
  func line() throws {
    let buffer = LineBuffer()
    var encoder = EventLineEncoder()
    for event in WorkedExample.events { try encoder.append(event, to: buffer) }
    let step = try #require(try FormatDocument().steps.first { $0.command == "zstdcat \(Self.segment)" })
    #expect(buffer.copy() == Bytes(step.output))
  }
}
