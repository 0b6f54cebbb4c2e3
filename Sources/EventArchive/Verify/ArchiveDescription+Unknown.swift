internal import EventStoreCore

extension ArchiveDescription {
  /// Stands in for a first line that cannot be read.
  static func unknown(like entry: ManifestEntry) -> ArchiveDescription {
    var scope = ArchiveScope.all(includeSystem: true)
    if case .segment(let record) = entry, record.first.position == nil { scope = .streams([]) }
    return ArchiveDescription(
      id: EventID(high: 0, low: 0), created: Timestamp(ticks: 0), tool: "", scope: scope, source: "", protocolName: "")
  }
}
