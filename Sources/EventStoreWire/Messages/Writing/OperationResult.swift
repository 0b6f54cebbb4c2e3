/// How a write, a delete or a step of a transaction ended.
package enum OperationResult: UInt32, Hashable, Sendable, CaseIterable {
  case success = 0
  case prepareTimeout = 1
  case commitTimeout = 2
  case forwardTimeout = 3
  case wrongExpectedVersion = 4
  case streamDeleted = 5
  case invalidTransaction = 6
  case accessDenied = 7
}
