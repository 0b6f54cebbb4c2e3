import EventStoreCore

/// The shop's warehouse: readings of instruments, descriptions of products, and notes in streams with awkward names.
struct DemoWarehouse {
  private static let readings: StreamName = "telemetry/warehouse 1"

  private var readingCount = 0
  private var productCount = 0

  /// Ten readings in one append; no metadata.
  mutating func takeReading(_ composer: inout DemoComposer) {
    let readings = (0..<10).map { _ in
      readingCount += 1
      let number = readingCount
      let celsius = composer.random.below(3000)
      return composer.event("TemperatureRead") { text in
        text.raw(#"{"n":"#)
        text.number(number)
        text.raw(#","celsius":"#)
        text.amount(cents: celsius)
        text.raw("}")
      }
    }
    composer.append(to: Self.readings, readings)
  }

  /// Only the last readings are kept; the limit changes from time to time.
  func limitReadings(_ composer: inout DemoComposer) {
    let limit = composer.random.below(5) * 100 + 200
    let metadata = composer.event(.streamMetadata) { text in
      text.raw(#"{"$maxCount":"#)
      text.number(limit)
      text.raw(#","unit":"°C"}"#)
    }
    composer.append(to: Self.readings.metadataStream, [metadata])
  }

  /// Pretty-printed JSON, as people who edit by hand write it.
  mutating func describeProduct(_ composer: inout DemoComposer) {
    productCount += 1
    let number = productCount
    let product = composer.random.pick(DemoVocabulary.products)
    let described = composer.event("ProductDescribed", context: composer.context()) { text in
      text.raw("{\n  \"article\": ")
      text.number(number)
      text.raw(",\n  \"name\": \"")
      text.plain(product)
      text.raw("\",\n  \"tags\": [\n    \"new\",\n    \"größe \\u2116 5\"\n  ],\n  \"weight\": 1.250e0\n}\n")
    }
    composer.append(to: "catalogue", [described])
  }

  /// A note, in text rather than JSON, with metadata that are not JSON either.
  mutating func takeNote(_ composer: inout DemoComposer) {
    let words = composer.random.pick(DemoVocabulary.notes)
    let stream = composer.random.pick(DemoVocabulary.awkwardStreams)
    let note = composer.event("note taken", isJSON: false) { $0.plain(words) }
    composer.append(to: StreamName(stream), [note])
  }
}
