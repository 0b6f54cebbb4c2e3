import EventStoreCore

/// What the comparison of one stream's events came to.
enum StreamVerdict: Hashable, Sendable {
  /// The target holds the same; `hidden` of the events cannot be read there for a reason that the reference knows too.
  case same(Numbering, hidden: Int)
  /// Hard-deleted in the reference, and not shown by the target.
  case leftOut
  /// The target does not have it.
  case missing
  /// Something differs.
  case different(Difference)
  /// The rolling hashes differ; where is not known yet.
  case suspect(Numbering)

  /// What differs, and where.
  struct Difference: Hashable, Sendable {
    var kind: CompareReport.Difference.Kind
    var number: EventNumber?
    var detail: String

    init(_ kind: CompareReport.Difference.Kind, number: EventNumber? = nil, _ detail: String) {
      self.kind = kind
      self.number = number
      self.detail = detail
    }
  }
}
