import ArgumentParser

/// What the speed of a client is measured with, in this order: the later ones read what the first has written.
enum ClientWork: String, CaseIterable, ExpressibleByArgument {
  /// Events of 200 bytes are appended to one stream, 500 at a time, one append after the other.
  case batches
  /// The stream is read to its end, 500 events at a time.
  case iterate
  /// The stream is followed from its beginning, until all of it has come.
  case catchUp = "catch-up"
  /// Single events are appended, 500 at a time, each to one of 500 streams.
  case appends

  var title: String {
    switch self {
    case .batches: "append 500 events at once, again and again"
    case .iterate: "iterate over a stream, 500 events a page"
    case .catchUp: "catch up with a stream, 500 events a page"
    case .appends: "append single events, 500 at a time"
    }
  }

  /// How much faster than photon-pump it must be; nil when only the numbers are shown.
  var wanted: Double? {
    switch self {
    case .iterate, .catchUp: 8
    case .batches, .appends: nil
    }
  }

  /// How many events it has, of so many in the stream: single appends take long.
  func events(of whole: Int) -> Int {
    switch self {
    case .batches, .iterate, .catchUp: whole
    case .appends: max(whole / 10, Self.batchSize)
    }
  }

  static let batchSize = 500
  static let eventBytes = 200
  static let stream = "bench"
}
