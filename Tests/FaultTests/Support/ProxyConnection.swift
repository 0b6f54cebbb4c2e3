import NIOCore

/// A client's connection and the one to the server that belongs to it; everything happens on their event loop.
final class ProxyConnection {
  /// One of the two who talk.
  enum Side {
    case client
    case server
  }

  private enum Item {
    case bytes(ByteBuffer)
    case close
  }

  private let client: any Channel
  private let server: any Channel
  private let fault: ConnectionFault
  private let count: ((inout FaultProxy.Tally) -> Void) -> Void
  /// How many bytes pass before the planned end.
  private var bytesLeft: Int
  private var hasEnded = false
  private var wasSlowed = false
  private var waiting: [Side: CircularBuffer<Item>] = [:]
  private var waitingBytes: [Side: Int] = [:]
  /// No more is read from a side while so much of it waits: it has to notice that the link is slow.
  private static let maximumWaitingBytes = 64 << 10

  /// - Parameter count: changes the tally.
  init(
    client: any Channel, server: any Channel, fault: ConnectionFault,
    count: @escaping ((inout FaultProxy.Tally) -> Void) -> Void
  ) {
    self.client = client
    self.server = server
    self.fault = fault
    self.count = count
    switch fault.end {
    case .none: bytesLeft = .max
    case .cut(let bytes), .halfOpen(let bytes): bytesLeft = bytes
    }
  }

  /// Bytes came from one side.
  func arrived(_ bytes: ByteBuffer, from side: Side) {
    guard !hasEnded else { return }
    guard bytes.readableBytes > bytesLeft else {
      bytesLeft -= bytes.readableBytes
      return pass(.bytes(bytes), from: side)
    }
    deliver(.bytes(bytes.getSlice(at: bytes.readerIndex, length: bytesLeft) ?? ByteBuffer()), from: side)
    hasEnded = true
    switch fault.end {
    case .none: break
    case .halfOpen: count { $0.halfOpens += 1 }
    case .cut:
      count { $0.cuts += 1 }
      client.close(promise: nil)
      server.close(promise: nil)
    }
  }

  /// One side has closed; a half-open connection does not tell the other.
  func closed(_ side: Side) {
    guard !hasEnded else { return }
    pass(.close, from: side)
  }

  /// Lets something pass when its time has come.
  private func pass(_ item: Item, from side: Side) {
    if fault.pace != .free, !wasSlowed {
      wasSlowed = true
      count { $0.slowed += 1 }
    }
    switch fault.pace {
    case .free: deliver(item, from: side)
    case .delayed(let delay): schedule(in: delay) { $0.deliver(item, from: side) }
    case .throttled(let bytes, let pause):
      let isIdle = waiting[side, default: []].isEmpty
      waiting[side, default: []].append(item)
      if case .bytes(let bytes) = item { waits(bytes.readableBytes, of: side) }
      if isIdle { schedule(in: pause) { $0.drain(side, bytes, pause) } }
    }
  }

  /// Lets the next few bytes pass, and comes back for the rest.
  private func drain(_ side: Side, _ count: Int, _ pause: Duration) {
    switch waiting[side]?.popFirst() {
    case nil: return
    case .close: deliver(.close, from: side)
    case .bytes(var bytes):
      let piece = bytes.readSlice(length: min(count, bytes.readableBytes)) ?? ByteBuffer()
      if bytes.readableBytes > 0 { waiting[side]?.prepend(.bytes(bytes)) }
      waits(-piece.readableBytes, of: side)
      deliver(.bytes(piece), from: side)
    }
    if waiting[side]?.isEmpty == false { schedule(in: pause) { $0.drain(side, count, pause) } }
  }

  /// So many more bytes of a side wait, or fewer.
  private func waits(_ bytes: Int, of side: Side) {
    waitingBytes[side, default: 0] += bytes
    let channel = side == .client ? client : server
    let isRead = waitingBytes[side, default: 0] < Self.maximumWaitingBytes
    // A channel that has closed is not read either way.
    try? channel.syncOptions?.setOption(.autoRead, value: isRead)
  }

  private func deliver(_ item: Item, from side: Side) {
    guard !hasEnded else { return }
    let other = side == .client ? server : client
    switch item {
    case .bytes(let bytes): other.writeAndFlush(bytes, promise: nil)
    case .close: other.close(promise: nil)
    }
  }

  private func schedule(in time: Duration, _ body: @escaping (ProxyConnection) -> Void) {
    client.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { body(self) }
  }
}

/// Hears what comes from one side of a proxied connection.
final class ProxySideHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let connection: ProxyConnection
  private let side: ProxyConnection.Side

  init(_ connection: ProxyConnection, _ side: ProxyConnection.Side) {
    self.connection = connection
    self.side = side
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.arrived(unwrapInboundIn(data), from: side)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.closed(side)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
