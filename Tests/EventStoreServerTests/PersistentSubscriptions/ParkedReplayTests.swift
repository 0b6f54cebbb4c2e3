import EventStoreCore
import EventStoreServer
import Testing

@Suite("A group replays what was parked") struct ParkedReplayTests {
  private typealias Conversation = ConsumerGroupConversation

  private func conversation(parked: [Int], streamLength: Int = 10, _ change: (inout GroupSettings) -> Void = { _ in })
    -> Conversation
  {
    var settings = Conversation.settings
    settings.startFrom = nil
    change(&settings)
    var group = Conversation(settings, streamLength: streamLength)
    group.parked = parked
    return group
  }

  private func ids(_ indices: [Int]) -> [EventID] { indices.map(Conversation.parkedID) }

  private func ack(_ group: inout Conversation, _ indices: [Int]) -> [ConsumerGroupStateMachine.Action] {
    let ids = ids(indices)
    return group.does { $0.acknowledged(ids, by: Conversation.consumer(1), now: $1) }
  }

  /// The numbers of the events that deliveries lead to.
  private func targets(_ actions: [ConsumerGroupStateMachine.Action]) -> [Int] {
    actions.compactMap { action in
      guard case .deliver(let event, _, _) = action else { return nil }
      return event.event.map { Int($0.number) }
    }
  }

  @Test("Nothing that is parked comes before somebody asks")
  func notAsked() {
    var group = conversation(parked: [4, 5])
    #expect(group.connect(1, allowing: 9).isEmpty)
  }

  @Test("What was parked comes in its order, as new, and before events that were never sent")
  func order() {
    var group = conversation(parked: [7, 4])
    #expect(group.connect(1, allowing: 1).isEmpty)
    #expect(group.write(2).numbers == [10])
    #expect(group.replay().isEmpty, "the consumer has no room")
    let first = group.ack([10])
    #expect(targets(first) == [7] && first.deliveries == [[0, 0, 1]])
    #expect(targets(ack(&group, [0])) == [4])
    #expect(targets(ack(&group, [1])) == [11])
  }

  @Test("The parked stream is cleared when everything was dealt with, and now and then before")
  func clearing() {
    var group = conversation(parked: [1, 2, 3])
    _ = group.connect(1, allowing: 9)
    #expect(targets(group.replay()) == [1, 2, 3])
    #expect(ack(&group, [0]).cleared.isEmpty)
    #expect(group.wait(.seconds(1)).cleared == [1])
    #expect(group.wait(.seconds(1)).cleared.isEmpty)
    #expect(ack(&group, [2]).cleared.isEmpty, "1 is not done with")
    #expect(ack(&group, [1]).cleared == [3])
    #expect(group.replay().isEmpty, "nothing is parked any more")
  }

  @Test("An event that is refused again comes again, and is parked again when it was tried too often")
  func again() {
    var group = conversation(parked: [6]) { $0.maximumRetryCount = 1 }
    _ = group.connect(1, allowing: 9)
    #expect(group.replay().deliveries == [[0, 0, 1]])
    let refused = ids([0])
    let refuse = { (group: inout Conversation) in
      group.does { $0.refused(refused, .retry, reason: "", by: Conversation.consumer(1), now: $1) }
    }
    #expect(refuse(&group).deliveries == [[0, 1, 1]])
    let last = refuse(&group)
    #expect(last.parked == ["0 Reached retry count of 1"] && last.cleared == [1])
    #expect(group.wait(.seconds(60)).isEmpty)
  }

  @Test("What a replay does not get to is not cleared: a group that begins anew can replay it")
  func interrupted() {
    var group = conversation(parked: [1, 2, 3])
    _ = group.connect(1, allowing: 2)
    #expect(targets(group.replay()) == [1, 2])
    #expect(targets(ack(&group, [0])) == [3])
    #expect(group.wait(.seconds(1)).cleared == [1])
    #expect(group.machine.ended().cleared.isEmpty)
  }

  @Test("Another replay goes on with what was parked since the first")
  func twice() {
    var group = conversation(parked: [1])
    _ = group.connect(1, allowing: 9)
    #expect(targets(group.replay()) == [1])
    group.parked = [1, 5]
    #expect(group.wait(.seconds(1)).isEmpty, "nobody asked for the second one")
    #expect(targets(group.replay()) == [5])
    #expect(ack(&group, [0, 1]).cleared == [2])
  }

  @Test("No more is read ahead than the buffer holds")
  func buffer() {
    var group = conversation(parked: Array(0..<10)) { ($0.readBatchSize, $0.bufferSize) = (2, 4) }
    _ = group.connect(1, allowing: 1)
    let before = group.reads
    #expect(targets(group.replay()) == [0])
    // One was sent; pages of 2, 2 and 1 fill the room for four. Then the log is looked at.
    #expect(group.reads == before + 4)
    var all = [0]
    for index in 0..<9 { all += targets(ack(&group, [index])) }
    #expect(all == Array(0..<10))
    #expect(ack(&group, [9]).cleared == [10])
  }

  @Test("Numbers of the parked stream are no checkpoints of the group's stream")
  func checkpoints() {
    var group = conversation(parked: Array(0..<9), streamLength: 2) {
      ($0.startFrom, $0.minimumCheckpointCount, $0.checkpointAfter) = (0, 1, .seconds(1))
    }
    #expect(group.connect(1, allowing: 20).numbers == [0, 1])
    _ = group.replay()
    _ = group.ack([0])
    #expect(group.wait(.seconds(1)).checkpoints == [0])
    _ = ack(&group, [8])
    #expect(group.wait(.seconds(1)).checkpoints.isEmpty)
    _ = group.ack([1])
    #expect(group.wait(.seconds(1)).checkpoints == [1], "what is replayed does not hold it back")
  }
}
