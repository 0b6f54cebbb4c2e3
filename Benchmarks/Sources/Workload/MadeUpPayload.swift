import EventStoreCore

/// Writes payloads as a shop's programs would: JSON with names, ids and amounts that differ, and keys that do not.
struct MadeUpPayload {
  static let types: [EventType] = [
    "OrderPlaced", "PaymentReceived", "OrderPacked", "OrderShipped", "OrderDelivered", "NoteAdded",
  ]
  private static let names = [
    "Ada Lovelace", "Grace Hopper", "Alan Turing", "Edsger Dijkstra", "Barbara Liskov", "Donald Knuth", "Jürgen Müller",
    "Zoë Ångström",
  ].map { Array($0.utf8) }
  private static let words = [
    "please", "leave", "parcel", "behind", "green", "door", "ring", "twice", "neighbour", "fragile", "gift", "before",
    "noon", "after", "weekend", "stairs", "call", "first", "thanks", "card",
  ].map { Array($0.utf8) }

  private var bytes: [UInt8] = []

  /// Writes the data and the metadata of one event, and says where they are in the block.
  mutating func write(random: inout RandomNumbers) -> (data: Range<Int>, metadata: Range<Int>) {
    let start = bytes.count
    writeData(&random)
    let middle = bytes.count
    writeMetadata(&random)
    return (start..<middle, middle..<bytes.count)
  }

  /// The payloads written so far, in one block of memory; begins a new one.
  mutating func takeBlock() -> Bytes {
    defer { bytes.removeAll(keepingCapacity: true) }
    return Bytes(bytes)
  }

  private mutating func writeData(_ random: inout RandomNumbers) {
    put("{\"orderId\":\"order-")
    put(1_000_000 + random.below(10_000))
    put("\",\"customer\":{\"id\":")
    put(random.below(1_000_000))
    put(",\"name\":\"")
    bytes += Self.names[random.below(Self.names.count)]
    put("\"},\"items\":[")
    for item in 0..<2 {
      put(item == 0 ? "{\"sku\":\"SKU-" : ",{\"sku\":\"SKU-")
      put(10_000 + random.below(90_000))
      put("\",\"quantity\":")
      put(1 + random.below(5))
      put(",\"price\":")
      putAmount(&random)
      put("}")
    }
    put("],\"total\":")
    putAmount(&random)
    put(",\"currency\":\"EUR\",\"placedAt\":\"2025-0")
    put(1 + random.below(9))
    put("-1")
    put(random.below(10))
    put("T1")
    put(random.below(10))
    put(":3")
    put(random.below(10))
    put(":00Z\",\"note\":\"")
    for word in 0..<14 {
      if word > 0 { put(" ") }
      bytes += Self.words[random.below(Self.words.count)]
    }
    put("\"}")
  }

  private mutating func writeMetadata(_ random: inout RandomNumbers) {
    put("{\"$correlationId\":\"")
    putHex(random.next())
    putHex(random.next())
    put("\",\"$causationId\":\"")
    putHex(random.next())
    putHex(random.next())
    put("\",\"user\":\"")
    bytes += Self.words[random.below(Self.words.count)]
    put("\"}")
  }

  private mutating func put(_ text: StaticString) {
    text.withUTF8Buffer { bytes += $0 }
  }

  private mutating func put(_ number: Int) {
    bytes += String(number).utf8
  }

  private mutating func putAmount(_ random: inout RandomNumbers) {
    put(random.below(500))
    put(".")
    put(10 + random.below(90))
  }

  private mutating func putHex(_ value: UInt64) {
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
