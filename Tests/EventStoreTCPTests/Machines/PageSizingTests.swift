import EventStoreTCP
import Testing

@Suite struct PageSizingTests {
  @Test("A page over the limit is quartered down to one event, and then there is nothing smaller")
  func quarters() {
    var sizing = PageSizing(initialSize: 500, maximumFrameBytes: 1 << 20)
    var sizes: [Int] = []
    while sizing.frameWasTooLarge(requested: sizing.currentSize) { sizes.append(sizing.currentSize) }
    #expect(sizes == [125, 31, 7, 1])
    #expect(sizing.currentSize == 1)
  }

  @Test("A heavy page halves the next one before the limit is reached")
  func halves() {
    var sizing = PageSizing(initialSize: 500, maximumFrameBytes: 1 << 20)
    sizing.pageReceived(requested: 500, count: 500, bytes: (1 << 18) + 1)
    #expect(sizing.currentSize == 250)
  }

  @Test("Full light pages raise the size again, up to what servers give")
  func raises() {
    var sizing = PageSizing(initialSize: 1, maximumFrameBytes: 1 << 20)
    for _ in 0..<20 { sizing.pageReceived(requested: sizing.currentSize, count: sizing.currentSize, bytes: 100) }
    #expect(sizing.currentSize == 4095)
  }

  @Test("A short page, or one of middle weight, changes nothing")
  func stays() {
    var sizing = PageSizing(initialSize: 500, maximumFrameBytes: 1 << 20)
    sizing.pageReceived(requested: 500, count: 3, bytes: 100)
    sizing.pageReceived(requested: 500, count: 500, bytes: 1 << 17)
    #expect(sizing.currentSize == 500)
  }

  @Test("A reader that asks for fewer than the size neither raises nor lowers it while its pages are light")
  func smallRequests() {
    var sizing = PageSizing(initialSize: 500, maximumFrameBytes: 1 << 20)
    sizing.pageReceived(requested: 10, count: 10, bytes: 10)
    #expect(sizing.currentSize == 500)
    let canShrink = sizing.frameWasTooLarge(requested: 1)
    #expect(!canShrink)
  }
}
