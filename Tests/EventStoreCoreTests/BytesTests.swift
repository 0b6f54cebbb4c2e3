import EventStoreCore
import Testing

@Suite struct BytesTests {
  @Test("A slice shares the bytes and outlives what it was cut from")
  func slice() {
    var slice = Bytes()
    do {
      let whole = Bytes("hello world")
      slice = whole.slice(6..<11)
    }
    #expect(slice == "world")
    #expect(Array(slice) == Array("world".utf8))
    #expect(slice.slice(0..<0).isEmpty)
  }

  @Test("Equal bytes are equal and hash alike, whoever owns them")
  func equality() {
    #expect(Bytes("abc") == Bytes("xabcx").slice(1..<4))
    #expect(Set([Bytes("abc"), Bytes("xabcx").slice(1..<4), Bytes("abd"), Bytes()]).count == 3)
  }
}
