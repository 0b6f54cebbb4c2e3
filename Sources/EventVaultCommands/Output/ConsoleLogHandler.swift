package import Logging

/// Shows what the parts of the tool log on standard error, without secrets.
package struct ConsoleLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let console: Console

  package init(console: Console, level: Logger.Level) {
    self.console = console
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    console.note("\(event.level): \(event.message)\(details)")
  }
}
