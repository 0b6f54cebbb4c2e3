import EventStoreCore
import EventStoreTCP
import Testing

@Suite struct TCPConfigurationTests {
  @Test("The defaults make sense")
  func defaults() throws {
    #expect(TCPConfiguration().problems.isEmpty)
    try TCPConfiguration().validate()
  }

  @Test("All problems are told at once, before anything is sent")
  func problems() {
    var configuration = TCPConfiguration(
      credentials: Credentials(login: "", password: String(repeating: "x", count: 256)))
    configuration.requestTimeout = .zero
    configuration.initialPageSize = 4096
    configuration.reconnection.maximumAttempts = 0
    configuration.firstConnection.maximumDelay = .milliseconds(1)
    #expect(configuration.problems.count == 6)
    let error = #expect(throws: EventStoreError.self) { try configuration.validate() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("xxx") == false)
  }

  @Test("Row 34: a login or password of 255 bytes fits, one of 256 does not", arguments: [(255, 0), (256, 1)])
  func credentialLength(bytes: Int, problems: Int) {
    let text = String(repeating: "é", count: bytes / 2) + (bytes % 2 == 1 ? "e" : "")
    #expect(TCPConfiguration(credentials: Credentials(login: text, password: "")).problems.count == problems)
    #expect(TCPConfiguration(credentials: Credentials(login: "me", password: text)).problems.count == problems)
  }
}
