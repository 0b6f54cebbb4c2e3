import Testing

@testable import EventStoreCore

@Suite struct NameSelectionTests {
  @Test("What expressions said is remembered up to the limit, and not of very long names")
  func bound() {
    var expressions = NameExpressions<StreamName>(include: ["~1$"], exclude: [], limit: 10)
    for round in 0..<2 {
      for number in 0..<25 {
        let verdict = expressions.verdict(on: StreamName("s-\(number)"))
        #expect(verdict.isIncluded == (number % 10 == 1), "round \(round)")
        #expect(expressions.rememberedCount <= 10)
      }
    }
    #expect(expressions.rememberedCount > 0)
    let before = expressions.rememberedCount
    #expect(expressions.verdict(on: StreamName(String(repeating: "x", count: 600) + "1")).isIncluded)
    #expect(expressions.rememberedCount == before)
  }
}
