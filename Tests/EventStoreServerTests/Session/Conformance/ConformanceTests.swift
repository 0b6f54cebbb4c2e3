import EventStoreCore
import EventStoreServer
import EventStoreWire
import GoldenTraffic
import Testing

/// Recorded requests are answered as the real server answered them.
@Suite("Conformance with recorded traffic")
struct ConformanceTests {
  /// Scenarios that are not played, and why.
  static let notPlayed: [String: String] = {
    let reasons = [
      "a log in memory has no chunks": ["chunk_boundary", "scavenge_chunk_boundary_after", "scavenge_gap_all"],
      "a log in memory is never scavenged": [
        "scavenge_before", "scavenge_after", "scavenge_command", "scavenge_streams",
      ],
      "a log in memory does not outlive its server": ["restart_idempotency"],
      "a node of one loses no leader": ["master_lost", "quorum_lost", "starting_cluster"],
      "the server is ready before it takes connections": ["starting_single"],
      "heartbeats are the connection's: HeartbeatStateMachineTests": ["heartbeat_any_frame", "heartbeat_server"],
      "refusals of bad frames are the connection's": ["protocol_bad_framing"],
      "a stream named $$ is refused instead of ending the server": ["write_stream_named_dollars"],
    ]
    return Dictionary(uniqueKeysWithValues: reasons.flatMap { reason, names in names.map { ($0, reason) } })
  }()

  /// What a recording does not say of its scenario.
  static let circumstances: [String: Replay.Circumstances] = [
    "read_stream_max_age": Replay.Circumstances(pauses: [9: .milliseconds(2500)]),
    // The server looks once a second; these are the looks that the recording shows.
    "persistent_connect_ack": Replay.Circumstances(pauses: [16: .seconds(1), 18: .seconds(1), 27: .seconds(2)]),
    "persistent_nak": Replay.Circumstances(
      pauses: [15: .seconds(1), 31: .seconds(1), 51: .seconds(1), 67: .seconds(1), 83: .seconds(1)]),
    "persistent_timeout": Replay.Circumstances(pauses: [12: .seconds(1), 13: .seconds(1), 14: .seconds(2)]),
    "not_ready_no_quorum": Replay.Circumstances(availability: .notReady),
    "not_master": Replay.Circumstances(
      availability: .follower(
        of: LeaderInfo(
          tcp: LeaderInfo.Address(host: "127.0.0.1", port: 1933),
          http: LeaderInfo.Address(host: "127.0.0.1", port: 2933)))),
  ]

  /// Steps that are answered differently on purpose, and why.
  static let deviations: [String: [Int: String]] = [
    "persistent_nak": [
      16: "the log's end: 4.1.4 writes a checkpoint while an event is being sent again, ours waits for the event",
      18: "as 16",
    ],
    "not_ready_no_quorum": [14: "a log in memory has its first record from the beginning, and so does not end at 0"],
  ]

  static var played: [Recording] {
    get throws { try Recording.all.filter { notPlayed[$0.scenario] == nil } }
  }

  @Test("The recorded requests get the recorded answers", arguments: try played)
  func replay(_ recording: Recording) throws {
    var replay = Replay(recording, Self.circumstances[recording.scenario] ?? Replay.Circumstances())
    let differences = try replay.run()
    let deviations = Self.deviations[recording.scenario] ?? [:]
    for difference in differences where deviations[difference.step] == nil {
      Issue.record("\(recording.scenario) \(difference)")
    }
    #expect(Set(differences.map(\.step)).isSuperset(of: deviations.keys), "a deviation that is none")
  }

  @Test("A request that is left out is noticed in the answers to the others", arguments: try played)
  func notices(_ recording: Recording) throws {
    let writes = recording.clientFrames.filter { ["WriteEvents", "DeleteStream", "Authenticate"].contains($0.command) }
    guard let first = writes.first, Self.deviations[recording.scenario] == nil else { return }
    var circumstances = Self.circumstances[recording.scenario] ?? Replay.Circumstances()
    circumstances.leftOut = [first.sequence]
    var replay = Replay(recording, circumstances)
    #expect(try !replay.run().isEmpty)
  }

  @Test("Every scenario is either played or named with a reason")
  func complete() throws {
    let names = Set(try Recording.names)
    #expect(Self.notPlayed.keys.allSatisfy(names.contains))
    #expect(Self.deviations.keys.allSatisfy { names.contains($0) && Self.notPlayed[$0] == nil })
    #expect(Self.circumstances.keys.allSatisfy { names.contains($0) && Self.notPlayed[$0] == nil })
    #expect(try Self.played.count + Self.notPlayed.count == names.count)
    #expect(try Self.played.flatMap(\.serverFrames).count > 900)
  }
}
