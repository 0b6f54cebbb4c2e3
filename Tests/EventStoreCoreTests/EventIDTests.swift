import EventStoreCore
import Testing

@Suite struct EventIDTests {
  @Test("An id's text comes back in lower case")
  func text() throws {
    let id = try #require(EventID("F1F4C1D8-0000-4abc-8def-0123456789aB"))
    #expect(id.description == "f1f4c1d8-0000-4abc-8def-0123456789ab")
    #expect(EventID(bytes: id.bytes) == id)
  }

  @Test(
    "What is no id is refused",
    arguments: ["", "f1f4c1d8", "f1f4c1d8-0000-4abc-8def-0123456789ag", "f1f4c1d800004abc8def0123456789ab----"])
  func refused(text: String) {
    #expect(EventID(text) == nil)
  }

  @Test("A random id says that it is of version 4")
  func random() {
    for _ in 0..<100 {
      let id = EventID()
      #expect(id.bytes[6] >> 4 == 4)
      #expect(id.bytes[8] >> 6 == 0b10)
    }
  }
}
