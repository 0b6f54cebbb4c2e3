/// Something a server does wrong on purpose, so that a client's answer to it can be tested.
package struct Fault: Hashable, Sendable {
  /// What goes wrong.
  package enum Effect: Hashable, Sendable {
    /// The connection is closed before the request is carried out.
    case cutBefore
    /// The request is carried out, and the connection is closed instead of an answer.
    case cutAfter
    /// The request is carried out, and its answer is lost; the connection stays.
    case dropAnswer
    /// The request is carried out at once, and its answer comes so much later.
    case delayAnswer(Duration)
    /// From this request on the connection is half-open: what comes is swallowed, nothing is sent, and nobody is told.
    case halfOpen
    /// The connection is closed as soon as it is opened.
    case refuseConnection
    /// A request over HTTP is never answered.
    case ignoreHTTP
    /// The node can do something else from this request on, as in an election; the request already meets the change.
    case changeNode(NodeAvailability)
  }

  /// What goes wrong.
  package let effect: Effect
  /// The number of the command whose requests are hit, 0x82 for WriteEvents; nil for all. Has no meaning for
  /// `refuseConnection` and `ignoreHTTP`.
  package let command: UInt8?
  /// How many such requests, or connections, pass unharmed first.
  package let skipping: Int
  /// How many are hit after that.
  package let times: Int

  package init(_ effect: Effect, on command: UInt8? = nil, skipping: Int = 0, times: Int = 1) {
    self.effect = effect
    self.command = command
    self.skipping = skipping
    self.times = times
  }
}
