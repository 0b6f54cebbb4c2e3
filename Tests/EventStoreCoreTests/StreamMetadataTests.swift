import EventStoreCore
import Testing

@Suite struct StreamMetadataTests {
  @Test("Every key the server knows is read, whatever else stands beside it")
  func allKeys() throws {
    let json = """
      { "$maxCount": 5, "$maxAge": 1000, "$tb": 0, "$cacheControl": 3, "custom": {"a": [1, null, 2.5e3, "\\u00e9"]},
        "$acl": {"$r": "reader", "$w": ["a", "b"], "$d": [], "$mr": "$all"} }
      """
    let metadata = try #require(StreamMetadata(json: json.utf8))
    #expect(
      metadata
        == StreamMetadata(
          maximumCount: 5, maximumAge: .seconds(1000), truncateBefore: 0, cacheControl: .seconds(3),
          acl: StreamACL(readers: ["reader"], writers: ["a", "b"], deleters: [], metadataReaders: ["$all"])))
    #expect(!metadata.isSoftDeleted)
  }

  @Test("What is written as JSON reads as the same metadata")
  func written() {
    let whole = StreamMetadata(
      maximumCount: 5, maximumAge: .seconds(1000), truncateBefore: .deleted, cacheControl: .seconds(3),
      acl: StreamACL(
        readers: ["a\"b\u{1}"], writers: [], deleters: nil, metadataReaders: ["$all"], metadataWriters: ["é"]))
    for metadata in [whole, StreamMetadata(), StreamMetadata(acl: StreamACL())] {
      #expect(StreamMetadata(json: metadata.json) == metadata)
    }
    #expect(StreamMetadata(maximumCount: 5).json == "{\"$maxCount\":5}")
    #expect(StreamMetadata().json == "{}")
  }

  @Test("What a soft delete writes reads as soft-deleted")
  func softDeleted() throws {
    #expect(try #require(StreamMetadata(json: StreamMetadata.softDeleted)).isSoftDeleted)
  }

  @Test(
    "A document the server refuses is no metadata",
    arguments: [
      "", "not json", "[]", "5", "{\"$maxCount\":-1}", "{\"$maxCount\":0}", "{\"$maxCount\":\"x\"}", "{\"$maxAge\":0}",
      "{\"$tb\":-1}", "{\"$tb\":1.5}", "{\"$tb\":9223372036854775808}", "{\"$acl\":[]}", "{\"$acl\":{\"$r\":5}}",
      "{\"$acl\":{\"$r\":[\"a\",5]}}", "{} {}", "{\"a\":01}", "{\"a\":1,}", "{\"a\"}", "{\"a\":\"\\x\"",
    ])
  func refused(json: String) {
    #expect(StreamMetadata(json: json.utf8) == nil)
  }

  @Test("Null is a key that is not there, the last of two equal keys counts, and a BOM is skipped")
  func tolerated() throws {
    #expect(StreamMetadata(json: "{\"$maxCount\":null,\"$acl\":null}".utf8) == StreamMetadata())
    #expect(StreamMetadata(json: "{\"$tb\":1,\"$tb\":2}".utf8)?.truncateBefore == 2)
    #expect(StreamMetadata(json: [0xEF, 0xBB, 0xBF] + Array("{\"\\u0024tb\":7}".utf8))?.truncateBefore == 7)
  }
}
