@testable import EventArchive
import EventStoreCore
import EventVaultCommands
import Foundation
import Replication
import Testing

@Suite("Reports")
struct ReportTests {
  private func object(_ value: EventVaultCommands.JSONValue) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(value.text.utf8)) as? [String: Any])
  }

  @Test("A backup's report tells what was left out and what could not be read")
  func backup() throws {
    var report = BackupReport(outcome: .incomplete)
    report.events = 1200
    report.eventsLeftOut = 7
    report.payloadBytes = 2048
    report.unreadStreams = [.init(stream: "a", reason: .missing)]
    report.gaps = [.init(what: "stream a, event 4", reason: "it is too large")]
    report.warnings = ["w"]
    let text = BackupText(report: report, directory: "/a", elapsed: .seconds(2))
    #expect(
      text.problems == [
        "error: stream a was not archived: there is no such stream",
        "error: stream a, event 4 could not be read, and is not in the archive: it is too large", "warning: w",
      ])
    #expect(
      text.lines == [
        "backed up in part: 1,200 new events into /a, 2 KiB of data and metadata, 7 events left out, in 2 s"
      ])
    let json = try object(text.json(exitCode: .incomplete))
    #expect(json["kind"] as? String == "backup" && json["exitCode"] as? Int == 3 && json["events"] as? Int == 1200)
    #expect((json["unreadStreams"] as? [[String: String]])?.first == ["stream": "a", "reason": "missing"])
    #expect((json["gaps"] as? [[String: String]]) == [["what": "stream a, event 4", "reason": "it is too large"]])
  }

  @Test("A restore's report tells every issue, and that a dry run wrote nothing")
  func restore() throws {
    var report = RestoreReport(isDryRun: true, order: .stream)
    report.outcome = .conflict
    report.events.appended = 5
    report.streams.conflicts = 1
    report.issues = [.init(kind: .differentEvent, stream: "s", number: 4, detail: "another event is there")]
    report.issueCount = 3
    let text = RestoreText(report: report, directory: "/a", rejectsFile: "/r", elapsed: .seconds(1))
    #expect(
      text.problems == [
        "differentEvent: stream s, event 4: another event is there", "and 2 issues more; --json lists more of them",
      ])
    #expect(text.lines.first == "conflict: 5 events would be written from /a, 0 already there, in 1 s")
    #expect(text.lines.contains("  1 stream with something else on the target"))
    #expect(text.lines.contains("  rejects: /r"))
    let json = try object(text.json(exitCode: .conflict))
    #expect(json["dryRun"] as? Bool == true && json["exitCode"] as? Int == 15)
    #expect((json["streams"] as? [String: Int])?["conflicts"] == 1)
  }

  @Test("A comparison's report tells every difference, and what nobody looked for is null")
  func compare() throws {
    var report = CompareReport(isFull: false)
    report.outcome = .different
    report.streams.same = 2
    report.streams.missing = 1
    report.events.same = 1200
    report.events.hidden = 3
    report.differences = [.init(kind: .missingEvents, stream: "s", number: 4, detail: "it ends there")]
    report.differenceCount = 2
    report.warnings = ["w"]
    let text = CompareText(report: report, reference: "/a", elapsed: .seconds(1))
    #expect(
      text.problems == [
        "missingEvents: stream s, event 4: it ends there", "and 1 difference more; --json lists more of them",
        "warning: w",
      ])
    #expect(
      text.lines == [
        "different: 2 streams with 1,203 events the same as in /a, in 1 s", "  1 stream missing on the target",
        "  3 events not compared: hidden on the target by the stream's own metadata",
        "  compared were numbers and metadata; --full compares every event",
      ])
    let json = try object(text.json(exitCode: .conflict))
    #expect(json["kind"] as? String == "compare" && json["exitCode"] as? Int == 15 && json["full"] as? Bool == false)
    let streams = try #require(json["streams"] as? [String: Any])
    #expect(streams["extra"] is NSNull && streams["missing"] as? Int == 1)
    #expect((json["differences"] as? [[String: Any]])?.first?["number"] as? Int == 4)
  }

  @Test("A verification tells every fault and its place")
  func verification() throws {
    var report = VerificationReport()
    report.events = 3
    report.segments = 1
    #expect(
      VerificationText(report: report, directory: "/a", elapsed: .zero).lines.first?.hasPrefix("sound: /a: 3 events")
        == true)
    report.faults = [ArchiveFault(.badFrame, path: "segments/1", offset: 9, detail: "it is broken")]
    let text = VerificationText(report: report, directory: "/a", elapsed: .zero)
    #expect(text.lines.first == "fault: segments/1, byte 9: it is broken")
    #expect(text.lines.contains { $0.hasPrefix("DAMAGED: /a: 1 fault") })
    let json = try object(text.json(exitCode: .archiveDamaged))
    #expect(json["sound"] as? Bool == false)
    #expect((json["faults"] as? [[String: Any]])?.first?["fault"] as? String == "badFrame")
  }
}
