import EventStoreCore
import Testing

@Suite struct TimestampTests {
  @Test(
    "A moment's text comes back as the same moment",
    arguments: [
      "1970-01-01T00:00:00.0000000Z", "2026-11-23T19:20:00.1234567Z", "2000-02-29T23:59:59.9999999Z",
      "1969-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00.0000000Z", "9999-12-31T23:59:59.9999999Z",
      "2026-11-23T19:20:00.123Z",
    ])
  func textRoundTrip(text: String) throws {
    #expect(try #require(Timestamp(text)).description == text)
  }

  @Test("A known moment has its known number of ticks")
  func knownTicks() throws {
    // date -u -d '2026-11-23T19:20:00Z' +%s
    #expect(try #require(Timestamp("2026-11-23T19:20:00.1234567Z")).ticks == 17_954_616_001_234_567)
    #expect(try #require(Timestamp("2026-11-23T19:20:00Z")).milliseconds == 1_795_461_600_000)
  }

  @Test(
    "Text that names no moment is refused",
    arguments: [
      "", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T19:20:00",
      "2026-11-23T19:20:00.Z", "2026-11-23T19:20:00.12345678Z", "2026-11-23 19:20:00Z", "2026-11-23T19:20:00Zx",
    ])
  func refused(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("A moment beyond all years prints as its ticks", arguments: [Int64.min, .max, -621_355_968_000_000_001])
  func endless(ticks: Int64) {
    #expect(Timestamp(ticks: ticks).description == "\(ticks) ticks")
    #expect(Timestamp(Timestamp(ticks: ticks).description) == nil)
  }
}
