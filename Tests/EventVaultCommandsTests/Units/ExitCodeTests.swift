import EventArchive
import EventStoreCore
import EventStoreServer
import EventVaultCommands
import Foundation
import Replication
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
  @Test("The table has exactly the documented numbers")
  func table() {
    let numbers = ExitCode.allCases.map(\.rawValue)
    #expect(numbers == [0, 1, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 64, 130, 143])
    #expect(Set(ExitCode.allCases.map(\.meaning)).count == numbers.count)
  }

  @Test("docs/CLI.md has exactly this table")
  func documentation() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/CLI.md"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.firstMatch(of: /^\| \d+ \| `/) != nil }
    #expect(rows.map(String.init) == ExitCode.allCases.map { "| \($0.rawValue) | `\($0.name)` | \($0.meaning) |" })
  }

  @Test(
    "When several apply, damage wins over divergence, conflict and incompleteness, in this order",
    arguments: [
      ([ExitCode.done, .incomplete, .conflict, .sourceDiverged, .archiveDamaged], ExitCode.archiveDamaged),
      ([.conflict, .incomplete, .sourceDiverged], .sourceDiverged), ([.incomplete, .conflict, .done], .conflict),
      ([.failed, .incomplete], .incomplete), ([.done, .unreachable], .unreachable), ([.done], .done), ([], .done),
    ])
  func precedence(codes: [ExitCode], worst: ExitCode) {
    #expect(ExitCode.worst(codes) == worst)
  }

  @Test(
    "A server's failure has its code",
    arguments: [
      (EventStoreError.Code.notAuthenticated, ExitCode.denied), (.accessDenied, .denied),
      (.streamNotFound, .incomplete), (.streamDeleted, .incomplete), (.eventNotFound, .incomplete),
      (.wrongExpectedVersion, .conflict), (.unreachable, .unreachable), (.discoveryFailed, .unreachable),
      (.tlsFailed, .unreachable), (.timedOut, .unreachable), (.connectionLost, .unreachable), (.notReady, .unreachable),
      (.notLeader, .unreachable), (.invalidArgument, .usage), (.invalidConnectionString, .usage),
      (.invalidTransaction, .failed), (.badRequest, .failed), (.serverError, .failed), (.readOnly, .failed),
      (.clientClosed, .failed), (.frameTooLarge, .failed), (.eventTooLarge, .failed), (.subscriptionDropped, .failed),
      (.subscriptionExists, .failed), (.subscriptionNotFound, .failed), (.tooManyConsumers, .failed),
      (.unreadableData, .failed), (.protocolViolation, .failed),
    ])
  func server(code: EventStoreError.Code, exit: ExitCode) {
    #expect(CommandFailure(EventStoreError(code, "it failed") as any Error).code == exit)
  }

  @Test(
    "An archive's failure has its code",
    arguments: [
      (ArchiveError.Code.notAnArchive, ExitCode.noArchive), (.locked, .archiveLocked), (.damaged, .archiveDamaged),
      (.newerFormat, .newerFormat), (.scopeMismatch, .usage), (.sourceDiverged, .sourceDiverged),
      (.outOfOrder, .failed),
      (.diskFull, .failed), (.accessDenied, .failed), (.ioFailed, .failed), (.closed, .failed),
      (.invalidArgument, .usage),
    ])
  func archive(code: ArchiveError.Code, exit: ExitCode) {
    #expect(CommandFailure(ArchiveError(code, "it failed") as any Error).code == exit)
  }

  @Test(
    "A run's failure has its code",
    arguments: [
      (ReplicationError.Code.sourceDiverged, ExitCode.sourceDiverged), (.stalled, .stalled),
      (.unexpectedAnswer, .failed), (.invalidArgument, .usage),
    ])
  func run(code: ReplicationError.Code, exit: ExitCode) {
    #expect(CommandFailure(ReplicationError(code, "it failed") as any Error).code == exit)
  }

  @Test("An embedded server's failure has its code")
  func embedded() {
    #expect(CommandFailure(ServerError(.portInUse, "taken") as any Error).code == .failed)
    #expect(CommandFailure(ServerError(.invalidConfiguration, "no") as any Error).code == .usage)
  }

  @Test("An error is one sentence with its cause, then a hint, without secrets and line ends")
  func lines() {
    let error = EventStoreError(
      .unreachable, "no connection to tcp://admin:secret@h:1113", hint: "look\nthere", cause: "Connection refused")
    #expect(
      CommandFailure(error).lines == [
        "error: no connection to tcp://admin:**redacted**@h:1113 (Connection refused)", "hint: look there",
      ])
  }

  @Test("An archive's error names the file and has a hint of its own kind")
  func archiveLines() {
    let failure = CommandFailure(ArchiveError(.locked, "another run writes", path: "/a/lock.json"))
    #expect(failure.lines.first == "error: another run writes: /a/lock.json")
    #expect(failure.hint?.isEmpty == false)
  }

  @Test("The JSON of an error is the documented object")
  func json() {
    let failure = CommandFailure(.denied, "no", hint: "ask")
    #expect(
      failure.json.text
        == #"{"kind":"error","version":1,"exitCode":12,"code":"denied","message":"no","hint":"ask"}"#)
  }
}
