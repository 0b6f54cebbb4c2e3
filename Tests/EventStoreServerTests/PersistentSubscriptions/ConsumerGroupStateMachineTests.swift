import EventStoreCore
import EventStoreServer
import Testing

@Suite("A group hands out events") struct ConsumerGroupStateMachineTests {
  private typealias Conversation = ConsumerGroupConversation

  private func settings(_ change: (inout GroupSettings) -> Void) -> GroupSettings {
    var settings = Conversation.settings
    change(&settings)
    return settings
  }

  @Test("Nothing is read before somebody is there to get it")
  func nobody() {
    let group = Conversation(Conversation.settings, streamLength: 5)
    #expect(group.machine.need == nil)
  }

  @Test("A consumer gets as many events as it allows, and one more for each that it acknowledges")
  func window() {
    var group = Conversation(Conversation.settings, streamLength: 5)
    #expect(group.connect(1, allowing: 3).deliveries == [[0, 0, 1], [1, 0, 1], [2, 0, 1]])
    #expect(group.ack([0]).numbers == [3])
    #expect(group.ack([1, 2, 3]).numbers == [4])
    #expect(group.write(2).numbers == [5, 6])
    #expect(group.ack([4, 5, 6]).isEmpty)
  }

  @Test("A consumer that allows nothing gets nothing")
  func nothingAllowed() {
    var group = Conversation(Conversation.settings, streamLength: 5)
    #expect(group.connect(1, allowing: 0).isEmpty)
    #expect(group.connect(2, allowing: 9).numbers == [0, 1, 2, 3, 4])
  }

  @Test("However much a consumer allows, a bounded number of events is on its way")
  func boundedWindow() {
    var group = Conversation(settings { $0.readBatchSize = 4096 }, streamLength: 9000)
    #expect(group.connect(1, allowing: Int(Int32.max)).numbers == Array(0..<5000))
  }

  @Test("No more is read ahead than the buffer holds, in batches of the size that was asked for")
  func buffer() {
    var settings = Conversation.settings
    (settings.readBatchSize, settings.bufferSize) = (4, 10)
    var group = Conversation(settings, streamLength: 100)
    #expect(group.connect(1, allowing: 1).numbers == [0])
    // 1 was sent; 10 wait: pages of 4, 4, and 3, the room that was left.
    #expect(group.reads == 3 && group.machine.need == nil)
    #expect(group.ack([0]).numbers == [1])
    #expect(group.reads == 4)
  }

  @Test("Where to begin: at a number, at one that is not there yet, at what comes, after a checkpoint")
  func start() {
    var middle = Conversation(settings { $0.startFrom = 2 }, streamLength: 4)
    #expect(middle.connect(1, allowing: 9).numbers == [2, 3])
    #expect(middle.write(1).numbers == [4])
    var beyond = Conversation(settings { $0.startFrom = 9 }, streamLength: 4)
    #expect(beyond.connect(1, allowing: 9).isEmpty)
    #expect(beyond.write(5).isEmpty)
    #expect(beyond.write(2).numbers == [9, 10])
    var live = Conversation(settings { $0.startFrom = nil }, streamLength: 4)
    #expect(live.write(1).isEmpty)
    #expect(live.connect(1, allowing: 9).numbers == [4])
    var resumed = Conversation(settings { $0.startFrom = nil }, streamLength: 4, checkpoint: 1)
    #expect(resumed.connect(1, allowing: 9).numbers == [2, 3])
  }

  @Test("An event that was not acknowledged in time comes again, and is parked after the last attempt")
  func timeout() {
    var settings = Conversation.settings
    (settings.messageTimeout, settings.maximumRetryCount) = (.seconds(1), 2)
    var group = Conversation(settings, streamLength: 2)
    #expect(group.connect(1, allowing: 9).numbers == [0, 1])
    _ = group.ack([1])
    #expect(group.wait(.milliseconds(999)).isEmpty)
    #expect(group.wait(.milliseconds(1)).deliveries == [[0, 1, 1]])
    #expect(group.wait(.seconds(1)).deliveries == [[0, 2, 1]])
    #expect(group.wait(.seconds(1)).parked == ["0 Reached retry count of 2"])
    #expect(group.wait(.seconds(9)).isEmpty)
  }

  @Test("Without a time-out an event waits for its acknowledgement for ever")
  func noTimeout() {
    var group = Conversation(settings { $0.messageTimeout = nil }, streamLength: 1)
    #expect(group.connect(1, allowing: 1).numbers == [0])
    #expect(group.wait(.seconds(1_000_000)).isEmpty)
  }

  @Test("A refused event comes again at once, is parked with the reason, or is forgotten, as the consumer says")
  func refusals() {
    var group = Conversation(settings { $0.maximumRetryCount = 1 }, streamLength: 3)
    #expect(group.connect(1, allowing: 3).numbers == [0, 1, 2])
    #expect(group.refuse([0], .retry).deliveries == [[0, 1, 1]])
    #expect(group.refuse([0], .retry).parked == ["0 Reached retry count of 1"])
    #expect(group.refuse([1], .park).parked == ["1 why"])
    #expect(group.refuse([2], .skip).isEmpty)
    #expect(group.wait(.seconds(100)).isEmpty)
  }

  @Test("What comes again comes before what is new, in the order of the numbers")
  func retriesFirst() {
    var group = Conversation(Conversation.settings, streamLength: 6)
    #expect(group.connect(1, allowing: 3).numbers == [0, 1, 2])
    #expect(group.does { $0.consumerLeft(Conversation.consumer(1), now: $1) }.isEmpty)
    #expect(group.connect(2, allowing: 4).deliveries == [[0, 1, 2], [1, 1, 2], [2, 1, 2], [3, 0, 2]])
  }

  @Test("What a consumer had when it left goes to the others, and is parked when it left too often")
  func leaving() {
    var group = Conversation(settings { $0.maximumRetryCount = 1 }, streamLength: 2)
    #expect(group.connect(1, allowing: 9).numbers == [0, 1])
    #expect(group.connect(2, allowing: 9).isEmpty)
    #expect(group.does { $0.consumerLeft(Conversation.consumer(1), now: $1) }.deliveries == [[0, 1, 2], [1, 1, 2]])
    let last = group.does { $0.consumerLeft(Conversation.consumer(2), now: $1) }
    #expect(last.parked == ["0 Reached retry count of 1", "1 Reached retry count of 1"])
  }

  @Test("A consumer that connects again under its id begins anew")
  func sameID() {
    var group = Conversation(Conversation.settings, streamLength: 2)
    #expect(group.connect(1, allowing: 1).deliveries == [[0, 0, 1]])
    #expect(group.connect(1, allowing: 2).deliveries == [[0, 1, 1], [1, 0, 1]])
  }

  @Test("Only who has an event can acknowledge or refuse it, and only once")
  func strangers() {
    var group = Conversation(settings { $0.messageTimeout = .seconds(1) }, streamLength: 2)
    #expect(group.connect(1, allowing: 1).numbers == [0])
    #expect(group.ack([0], by: 2).isEmpty)
    #expect(group.refuse([0], .park, by: 2).isEmpty)
    #expect(group.ack([5]).isEmpty)
    #expect(group.ack([0]).numbers == [1])
    #expect(group.ack([0]).isEmpty)
    #expect(group.wait(.seconds(1)).numbers == [1])
  }

  @Test("Two events with one id are sent one after the other, and both are delivered")
  func doubledID() {
    var settings = Conversation.settings
    settings.startFrom = nil
    var group = Conversation(settings)
    _ = group.connect(1, allowing: 9)
    let (first, other) = (group.event(0), group.event(1))
    var second = first
    second.event?.number = 2
    let actions = group.machine.liveRead([first, other, second], nextPlace: 3, now: .zero)
    #expect(actions.numbers == [0, 1])
    #expect(group.machine.acknowledged([Conversation.id(0)], by: Conversation.consumer(1), now: .zero).numbers == [2])
  }

  @Test("When the group ends every consumer is dropped, and nothing comes any more")
  func end() {
    var group = Conversation(Conversation.settings, streamLength: 2)
    _ = group.connect(1, allowing: 1)
    _ = group.connect(2, allowing: 1)
    #expect(Set(group.machine.ended()) == [.drop(Conversation.consumer(1)), .drop(Conversation.consumer(2))])
    #expect(group.ack([0]).isEmpty && group.wait(.seconds(100)).isEmpty)
  }
}
