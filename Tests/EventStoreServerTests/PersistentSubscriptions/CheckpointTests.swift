import EventStoreCore
import EventStoreServer
import Testing

@Suite("A group notes how far it has come") struct CheckpointTests {
  private typealias Conversation = ConsumerGroupConversation

  private func group(least: Int64, most: Int64, after time: Duration = .seconds(2)) -> Conversation {
    var settings = GroupSettings()
    (settings.minimumCheckpointCount, settings.maximumCheckpointCount) = (least, most)
    settings.checkpointAfter = time
    settings.messageTimeout = nil
    return Conversation(settings, streamLength: 20)
  }

  @Test("When its time has come, a checkpoint says up to where everything is done with")
  func time() {
    var group = group(least: 2, most: 100)
    _ = group.connect(1, allowing: 9)
    #expect(group.ack([1, 2, 3]).checkpoints.isEmpty)
    #expect(group.wait(.seconds(2)).checkpoints.isEmpty, "event 0 is not done with")
    #expect(group.ack([0]).checkpoints.isEmpty)
    #expect(group.wait(.milliseconds(1)).checkpoints == [3])
    _ = group.ack([4, 5])
    #expect(group.wait(.milliseconds(1999)).checkpoints.isEmpty)
    #expect(group.wait(.milliseconds(1)).checkpoints == [5])
    #expect(group.wait(.seconds(9)).checkpoints.isEmpty, "nothing is new")
  }

  @Test("Fewer events than the least wait for more, however long it takes")
  func least() {
    var group = group(least: 3, most: 100)
    _ = group.connect(1, allowing: 9)
    _ = group.ack([0, 1])
    #expect(group.wait(.seconds(60)).checkpoints.isEmpty)
    _ = group.ack([2])
    #expect(group.wait(.seconds(1)).checkpoints == [2])
  }

  @Test("As many events as the most do not wait")
  func most() {
    var group = group(least: 1, most: 3)
    _ = group.connect(1, allowing: 9)
    #expect(group.ack([0, 1]).checkpoints.isEmpty)
    #expect(group.ack([2]).checkpoints == [2])
  }

  @Test("Parked and skipped events are done with, those that come again are not")
  func refused() {
    var group = group(least: 1, most: 100, after: .zero)
    _ = group.connect(1, allowing: 3)
    _ = group.refuse([0], .park)
    _ = group.refuse([1], .skip)
    _ = group.refuse([2], .retry)
    #expect(group.wait(.seconds(1)).checkpoints == [1])
    _ = group.does { $0.consumerLeft(Conversation.consumer(1), now: $1) }
    #expect(group.wait(.seconds(1)).checkpoints.isEmpty, "2, 3 and 4 wait for another consumer")
  }

  @Test("A tombstone, whose number is the largest, does no harm")
  func tombstone() {
    var group = group(least: 1, most: 3, after: .zero)
    _ = group.connect(1, allowing: 100)
    _ = group.ack(Array(0..<20))
    var tombstone = group.event(20)
    tombstone.event?.number = .deleted
    group.streamLength = 21
    #expect(group.machine.liveRead([tombstone], nextPlace: 21, now: .zero).numbers == [Int.max])
    #expect(group.ack([20]).checkpoints == [.deleted - 1])
    #expect(ConsumerGroupStateMachine(GroupSettings(), checkpoint: .deleted, place: 0, now: .zero).need == nil)
  }
}
