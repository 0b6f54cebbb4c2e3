internal import EventStoreCore
internal import Zstd

/// Reads a segment file to its end whatever is wrong with it, and collects what is.
struct SegmentExamination {
  /// The most faults that are told of one segment; so that memory stays bounded.
  static let maximumFaults = 1000

  /// What is wrong, in the order of the file.
  private(set) var faults: [ArchiveFault] = []
  /// Everything that a manifest would say of the good frames.
  private(set) var tally: SegmentTally
  /// How the frames end.
  private(set) var end = FrameScanner.End.whole
  /// Whether every frame and every line was good, so that counts can be compared.
  private(set) var isComplete = true

  private let path: String
  private var order: EventOrder
  private var numbers: [StreamName: EventNumber] = [:]
  private var tail: EventTail
  private var decoder = EventLineDecoder()

  /// An examination of the segment in the file `path`, relative to the archive, which follows what `order` has seen.
  init(path: String, order: EventOrder, tail: EventTail) {
    self.path = path
    self.order = order
    self.tail = tail
    tally = SegmentTally(tail: tail)
  }

  /// What the order is after the segment.
  var orderAfter: EventOrder { order }

  /// Reads the file.
  ///
  /// - Parameter onFrame: Told of the compressed bytes and the events of each good frame.
  /// - Throws: the storage's errors.
  mutating func read(
    _ file: any ReadableFile, onFrame: (_ bytes: Int, _ events: Int) -> Void
  ) throws(ArchiveError) {
    let size = try file.size()
    let read: ReadBytes = { try file.bytes(at: $0, count: $1) }
    var scanner = try SegmentContent.converting(path) { try FrameScanner(fileBytes: size) }
    while true {
      while let frame = try SegmentContent.converting(path, { try scanner.next(read: read) }) {
        let events = take(frame)
        onFrame(frame.bytes.count, events)
      }
      guard case .damaged(let damage) = scanner.end else { break }
      isComplete = false
      add(ArchiveFault(.badFrame, path: path, offset: damage.offset, detail: damage.message))
      guard try SegmentContent.converting(path, { try scanner.resynchronize(read: read) }) else { break }
    }
    guard let end = scanner.end else { preconditionFailure("a scanner that has ended says how") }
    self.end = end
  }

  /// Takes in a whole frame, and says how many events it holds.
  private mutating func take(_ frame: FrameScanner.Frame) -> Int {
    var summary: FrameSummary?
    var lines = Lines(frame.content)
    var lineStart = 0
    var isOrderTold = false
    while let line = lines.next() {
      do throws(LineDamage) {
        let event = try decoder.decode(line)
        check(event, in: frame, isTold: &isOrderTold)
        tail.append(event)
        if summary == nil { summary = FrameSummary(first: event) } else { summary?.append(event) }
      } catch {
        isComplete = false
        add(
          ArchiveFault(
            .badLine, path: path, offset: frame.offset,
            detail: "the line \(lineStart) bytes into the frame is not an event: \(error)"))
      }
      lineStart = lines.offset
    }
    guard let summary else { return 0 }
    tally.append(
      CompressedFrame(
        bytes: frame.bytes, digest: SHA256Digest(of: frame.bytes), contentBytes: frame.content.count, summary: summary),
      tail: tail)
    return summary.span.events
  }

  /// Checks the order of an event; one fault for a frame is enough, because what follows a jump back is out of order too.
  private mutating func check(_ event: RecordedEvent, in frame: FrameScanner.Frame, isTold: inout Bool) {
    var complaint: String?
    do throws(ArchiveError) {
      try order.accept(event)
    } catch {
      complaint = error.description
    }
    if let last = numbers.updateValue(event.number, forKey: event.stream), event.number <= last, complaint == nil {
      complaint = "event \(event.number) of the stream \(event.stream) follows event \(last)"
    }
    guard let complaint, !isTold else { return }
    isTold = true
    add(ArchiveFault(.wrongOrder, path: path, offset: frame.offset, detail: complaint))
  }

  private mutating func add(_ fault: ArchiveFault) {
    if faults.count == Self.maximumFaults {
      faults.append(ArchiveFault(fault.kind, path: path, detail: "more faults follow that are not told"))
    } else if faults.count < Self.maximumFaults {
      faults.append(fault)
    }
  }
}
