import NIOCore
import NIOPosix

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A port that is listened on.
struct Listener: Sendable {
  private let channel: any Channel

  /// Listens on a port; 0 is any free one.
  /// - Throws: `ServerError` `portInUse` or `addressUnavailable`.
  init(
    host: String, port: Int, group: any EventLoopGroup,
    accept: @escaping @Sendable (any Channel) throws -> Void
  ) async throws(ServerError) {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try accept(channel) }
      }
    do {
      channel = try await bootstrap.bind(host: host, port: port).get()
    } catch {
      throw ServerError(bindingTo: host, port: port, error)
    }
  }

  /// The port, also when any was asked for.
  var port: Int { channel.localAddress?.port ?? 0 }

  /// Listens no more; connections that are open stay so.
  func close() async {
    channel.close(promise: nil)
    await channel.closed()
  }
}

extension ServerError {
  fileprivate init(bindingTo host: String, port: Int, _ error: any Error) {
    let number = (error as? IOError)?.errnoCode
    let cause = number.map { String(cString: strerror($0)) } ?? "\(error)"
    switch number {
    case EADDRINUSE:
      self.init(
        .portInUse, "port \(port) of \(host) is in use", hint: "choose another port, or 0 for any free one",
        cause: cause)
    case EACCES:
      self.init(
        .addressUnavailable, "port \(port) of \(host) may not be listened on",
        hint: "ports below 1024 need more rights: choose another", cause: cause)
    default:
      self.init(
        .addressUnavailable, "\(host) cannot be listened on", hint: "give an address of this machine", cause: cause)
    }
  }
}
