import ArgumentParser
import EventArchive
import EventStoreCore

/// `eventvault list`: what an archive holds.
struct ListCommand: VaultCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show what an archive holds, and how far it reaches.",
    discussion: """
      Reads the manifest and the indexes, not the events. The age of the checkpoint says how old the backup is.

      EXAMPLES:
        eventvault list --archive /backups/shop
        eventvault list --archive /backups/shop --segments
        eventvault list --archive shop --streams --json | jq -r '.stream // empty'

      EXIT CODES: 0 done, 10 no archive there, 14 damaged, 18 newer format.
      """)

  @OptionGroup var archive: ArchiveOption

  @Flag(help: "Also list every stream: events, first and last number, name.")
  var streams = false

  @Flag(help: "Also list every segment.")
  var segments = false

  @OptionGroup var json: JSONOption

  var printsJSON: Bool { json.isOn }

  func execute(in context: CommandContext) async throws -> ExitCode {
    try await context.endingAtOnce {
      let reader = try ArchiveReader(directory: archive.directory)
      try json.isOn ? printJSON(reader, on: context.console) : printText(reader, on: context.console)
    }
    return .done
  }

  private func printText(_ reader: ArchiveReader, on console: Console) throws {
    let text = ArchiveText(reader, directory: archive.directory, now: .now)
    for line in text.lines { try console.print(line) }
    if segments {
      try console.print("")
      for line in text.segmentLines { try console.print(line) }
    }
    if streams {
      try console.print("")
      try console.print(ArchiveText.streamTitle)
      try reader.forEachStream { try console.print(ArchiveText.line($0)) }
    }
  }

  private func printJSON(_ reader: ArchiveReader, on console: Console) throws {
    let text = ArchiveText(reader, directory: archive.directory, now: .now)
    try console.print(text.json.text)
    if segments {
      for segment in text.segmentsJSON { try console.print(segment.text) }
    }
    if streams {
      try reader.forEachStream { try console.print(ArchiveText.json($0).text) }
    }
  }
}

extension ArchiveReader {
  /// Every stream, by name, a page in memory at a time.
  fileprivate func forEachStream(_ body: (StreamSummary) throws -> Void) throws {
    let limit = 100_000
    var last: StreamName?
    while true {
      let page = try streams(after: last, limit: limit)
      try page.forEach(body)
      guard page.count == limit else { return }
      last = page.last?.stream
    }
  }
}
