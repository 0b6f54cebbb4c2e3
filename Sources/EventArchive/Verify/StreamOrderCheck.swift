internal import EventStoreCore

/// Checks that each stream's numbers increase from segment to segment, a page of streams at a time.
///
/// The first page is collected while the segments are read; only an archive with more streams has its footers read again.
struct StreamOrderCheck {
  private static let streamsPerPage = 100_000

  /// The segments whose footers are sound.
  private var records: [SegmentRecord] = []
  private var openIndex: StreamIndex?
  private var firstPage = StreamSummaryPage(after: nil, limit: streamsPerPage)

  /// Takes in the next segment, whose footer describes it.
  ///
  /// - Throws: `SegmentDamage` of code `index`.
  mutating func add(_ record: SegmentRecord, _ footer: FooterContent) throws(SegmentDamage) {
    try firstPage.add(footer)
    records.append(record)
  }

  /// Takes in the open segment; none may follow.
  mutating func add(open index: StreamIndex?) {
    openIndex = index
  }

  /// The streams whose numbers go back, each with a page of them at most in memory.
  ///
  /// - Throws: `damaged`, and the storage's errors.
  func disorder(in storage: any ArchiveStorage, _ body: (StreamName) -> Void) throws(ArchiveError) {
    var page = firstPage
    while true {
      if let openIndex { page.add(openIndex) }
      for stream in page.disordered.sorted() { body(stream) }
      let summaries = page.summaries
      if summaries.count < Self.streamsPerPage { return }
      page = StreamSummaryPage(after: summaries.last?.stream, limit: Self.streamsPerPage)
      for record in records {
        guard let footer = try SealedSegmentFile.footer(of: record, in: storage) else { continue }
        try SegmentContent.converting(record.file) { try page.add(footer) }
      }
    }
  }
}
