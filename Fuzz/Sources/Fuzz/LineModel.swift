import Foundation

@testable import EventStoreCore

/// An event as its line says it to a JSON parser that knows nothing of archives.
struct LineModel {
  private let line: RawJSON

  /// Nil when the line is nested deeper than this parser goes.
  init?(_ line: Bytes) {
    guard let value = RawJSON(parsing: line) else {
      claim(JSONDepth.of(line) >= 100, "a line of an event is no JSON")
      return nil
    }
    self.line = value
  }

  /// Claims that the event is the one of the line.
  func check(_ event: RecordedEvent) {
    claim(name("stream") == event.stream.utf8, "an event is in another stream than its line says")
    claim(name("type") == event.type.utf8, "an event has another type than its line says")
    claim(line["number"]?.integer == event.number, "an event has another number than its line says")
    claim(line["id"]?.text?.lowercased() == event.id.description.lowercased(), "an event has another id")
    claim(line["created"]?.text.flatMap { Timestamp($0) } == event.created, "an event has another date")
    claim(line["json"] == .bool(event.isJSON), "an event is JSON, or its line says so")
    claim(line["position"]?["commit"]?.integer == event.position?.commit, "an event has another position")
    claim(line["position"]?["prepare"]?.integer == event.position?.prepare, "an event has another prepare position")
    check("data", event.data)
    check("metadata", event.metadata)
  }

  private func check(_ key: String, _ payload: Bytes) {
    if let value = line[key] {
      claim(RawJSON(parsing: payload) == value, "an event's \(key) are other JSON")
    } else {
      let bytes = text(key + "Text") ?? base64(key + "Base64") ?? []
      claim(bytes == Array(payload), "an event's \(key) are others")
    }
  }

  private func name(_ key: String) -> [UInt8]? {
    text(key) ?? base64(key + "Base64")
  }

  private func text(_ key: String) -> [UInt8]? {
    line[key]?.text.map { Array($0.utf8) }
  }

  /// Only what is canonical has a meaning.
  private func base64(_ key: String) -> [UInt8]? {
    guard let text = line[key]?.text else { return nil }
    let content = Data(base64Encoded: text)
    claim(content?.base64EncodedString() == text, "Base64 is read that is not canonical")
    return content.map { [UInt8]($0) }
  }
}
