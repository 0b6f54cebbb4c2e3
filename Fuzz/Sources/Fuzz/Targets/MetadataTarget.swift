@testable import EventStoreCore

/// The JSON of stream metadata: what is understood is the same after it was written, with every key of the owner.
enum MetadataTarget: FuzzTarget {
  static let name = "metadata"

  static func seeds(_ samples: Samples) throws -> [[UInt8]] {
    [
      #"{"$maxCount":3,"$maxAge":60,"$tb":9223372036854775807,"$cacheControl":5,"$acl":{"$r":"a","$w":["b","c"]}}"#,
      #"{ "a\u00e9\ud83d\ude00\n" : [ 1.5e-3 , true , null , { } ] , "a" : "" , "a" : -0 }"#,
      "\u{FEFF}{}", #"[[[["\"\\\/\b\f\r\t"]]]]"#, "-12",
    ].map { Array($0.utf8) }
  }

  static let words = [
    #"\ud83d"#, #"\ude00"#, #""$maxCount":"#, #""$maxAge":"#, #""$tb":"#, #""$cacheControl":"#, #""$acl":"#,
    "9223372036854775808",
  ]

  static func run(_ input: [UInt8]) {
    let metadata = StreamMetadata(json: input)
    guard let value = RawJSON(parsing: input) else {
      return claim(metadata == nil, "metadata are understood that are no JSON")
    }
    let compact = value.compactText
    let again = RawJSON(parsing: compact)
    claim(again == value, "JSON is something else after it was written")
    claim(again?.compactText == compact, "equal JSON is written differently")
    claim(StreamMetadata(json: compact) == metadata, "metadata mean something else without white space")
  }
}
