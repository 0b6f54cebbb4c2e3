import EventStoreCore
import NIOCore
import NIOPosix
import TestSupport

/// A TCP proxy that does to each connection what its plan says; those after the plan's end pass unharmed.
final class FaultProxy: Sendable {
  /// What has happened.
  struct Tally: Sendable {
    /// How many connections were opened.
    var connections = 0
    /// How many of them were cut by plan.
    var cuts = 0
    /// How many became half-open.
    var halfOpens = 0
    /// On how many some bytes came later than they could have.
    var slowed = 0
  }

  private struct State {
    var plan: ArraySlice<ConnectionFault>
    var tally = Tally()
    var channels: [any Channel] = []
  }

  private let state: Locked<State>
  private let listener: any Channel

  private init(state: Locked<State>, listener: any Channel) {
    self.state = state
    self.listener = listener
  }

  /// Listens on a free port, and connects to `port` of this machine for each connection that it takes.
  static func start(to port: Int, plan: [ConnectionFault]) async throws -> FaultProxy {
    let state = Locked(State(plan: plan[...]))
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        let fault = state.withLock { state in
          state.tally.connections += 1
          state.channels.append(client)
          return state.plan.popFirst() ?? .none
        }
        return open(client, to: port, fault, state)
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FaultProxy(state: state, listener: listener)
  }

  private static func open(
    _ client: any Channel, to port: Int, _ fault: ConnectionFault, _ state: Locked<State>
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: client.eventLoop)
      .channelOption(.autoRead, value: false)
      .connect(host: "127.0.0.1", port: port)
      .flatMapThrowing { server in
        state.withLock { $0.channels.append(server) }
        let connection = ProxyConnection(client: client, server: server, fault: fault) { change in
          state.withLock { change(&$0.tally) }
        }
        try client.pipeline.syncOperations.addHandler(ProxySideHandler(connection, .client))
        try server.pipeline.syncOperations.addHandler(ProxySideHandler(connection, .server))
        for channel in [client, server] {
          // The system's own buffers must not hide that the link is slow.
          if case .throttled = fault.pace {
            try channel.syncOptions?.setOption(ChannelOptions.socketOption(.so_rcvbuf), value: 16 << 10)
          }
          try channel.syncOptions?.setOption(.autoRead, value: true)
        }
      }
  }

  /// The port that is listened on.
  var port: Int { listener.localAddress?.port ?? 0 }

  /// What has happened so far.
  var tally: Tally { state.withLock { $0.tally } }

  /// Whether some of the plan is for connections that were never opened.
  var hasPendingFaults: Bool { state.withLock { !$0.plan.isEmpty } }

  /// Closes everything.
  func shutdown() async throws {
    try await listener.close()
    for channel in state.withLock({ $0.channels }) {
      channel.close(promise: nil)
      try await channel.closeFuture.get()
    }
  }
}

/// Runs `body` with a proxy, and closes it afterwards.
func withProxy<Result>(
  to port: Int, plan: [ConnectionFault], _ body: (FaultProxy) async throws -> Result
) async throws -> Result {
  let proxy = try await FaultProxy.start(to: port, plan: plan)
  return try await doing {
    try await body(proxy)
  } finally: {
    try await proxy.shutdown()
  }
}
