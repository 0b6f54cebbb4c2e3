import EventStoreCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Opens TCP connections, with TLS where it is wanted.
struct ChannelOpener: Sendable {
  /// How many bytes the system takes before it has sent them: more would hide whether a slow link moves at all.
  private static let maximumUnsentBytes = 128 << 10

  private let configuration: TCPConfiguration
  private let tls: TLSClient?
  private let metrics: ConnectionMetrics

  /// - Throws: `tlsFailed` when a file with authorities, a certificate or a key cannot be used.
  init(configuration: TCPConfiguration, metrics: ConnectionMetrics) throws(EventStoreError) {
    self.configuration = configuration
    self.metrics = metrics
    tls = try configuration.security.map { security throws(EventStoreError) in try TLSClient(security) }
  }

  /// Connects to `endpoint`; the channel's handlers run on `eventLoop`.
  func open(
    _ endpoint: Endpoint, connection: UInt64, on eventLoop: any EventLoop, receiver: any FrameReceiver
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(configuration.connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)), value: Self.maximumUnsentBytes)
      .channelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20)
      )
      .channelInitializer { [configuration, tls, metrics] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(TrafficCounter(metrics))
          try tls?.addHandlers(for: endpoint, to: channel.pipeline.syncOperations)
          try channel.pipeline.syncOperations.addHandler(
            FrameHandler(
              connection: connection, endpoint: endpoint, configuration: configuration, receiver: receiver))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
  }
}
