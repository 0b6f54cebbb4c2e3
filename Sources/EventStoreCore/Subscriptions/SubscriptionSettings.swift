/// How a server runs a persistent subscription.
///
/// The defaults are those of other clients; `SubscriptionSettings()` hands out what is written from now on.
public struct SubscriptionSettings: Hashable, Sendable {
  /// The first event that is handed out.
  public enum Start: Hashable, Sendable {
    /// The first event of the stream.
    case beginning
    /// The event with this number.
    case number(EventNumber)
    /// The first event that is written after the subscription was created.
    case end
  }

  /// Which consumer gets the next event; a server can have more than the three that every server has.
  public struct ConsumerStrategy: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name, as the server knows it.
    public var name: String

    public init(stringLiteral name: String) {
      self.name = name
    }

    /// One after the other.
    public static let roundRobin: ConsumerStrategy = "RoundRobin"
    /// One as long as it has room, then another.
    public static let dispatchToSingle: ConsumerStrategy = "DispatchToSingle"
    /// Events of one stream always to the same one, as long as consumers neither come nor go.
    public static let pinned: ConsumerStrategy = "Pinned"
  }

  /// Whether links are delivered with their targets.
  public var resolveLinks = false
  /// The first event.
  public var start = Start.end
  /// After how long without an acknowledgement an event is sent again; zero for never.
  public var messageTimeout = Duration.seconds(30)
  /// How often an event is sent again before it is parked.
  public var maximumRetryCount = 10
  /// Which consumer gets the next event.
  public var consumerStrategy = ConsumerStrategy.roundRobin
  /// How many consumers there may be; nil for any number.
  public var maximumConsumerCount: Int?
  /// How many live events the server keeps in memory.
  public var liveBufferSize = 500
  /// How many events the server reads at once; fewer than `historyBufferSize`.
  public var readBatchSize = 20
  /// How many events the server reads ahead of the consumers.
  public var historyBufferSize = 500
  /// How long the server collects acknowledgements before it writes a checkpoint.
  public var checkpointAfter = Duration.seconds(2)
  /// How many events a checkpoint is for at least.
  public var minimumCheckpointCount = 10
  /// After how many events the server writes a checkpoint at once.
  public var maximumCheckpointCount = 1000
  /// Whether the server measures how long things take.
  public var recordsStatistics = false

  public init() {}
}
