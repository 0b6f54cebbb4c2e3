import EventStoreCore
import Testing

@Suite struct StreamNameTests {
  @Test("Only streams of the server are system streams; the metadata of a user's stream is the user's")
  func system() {
    #expect(!StreamName("orders-1").isSystem)
    #expect(!StreamName("$$orders-1").isSystem)
    #expect(StreamName("$settings").isSystem)
    #expect(StreamName("$$$settings").isSystem)
    #expect(StreamName("$$").isSystem)
    #expect(!StreamName("").isSystem)
  }

  @Test("A stream and its metadata stream name each other")
  func metadataStream() {
    #expect(StreamName("a").metadataStream == "$$a")
    #expect(StreamName("$$a").describedStream == "a")
    #expect(StreamName("$a").describedStream == nil)
  }

  @Test("A name that is not UTF-8 keeps its bytes and has no string")
  func notUTF8() {
    let name = StreamName(utf8: [0x61, 0xFF])
    #expect(name.utf8 == [0x61, 0xFF])
    #expect(name.string == nil)
    #expect(name.description == "a\u{FFFD}")
  }
}
