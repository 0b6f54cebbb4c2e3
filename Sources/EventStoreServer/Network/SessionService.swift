import EventStoreWire
import NIOCore
import NIOSSL

/// The pipeline of a TCP connection: TLS where it is asked for, frames, then the session.
enum SessionService {
  /// Sets the pipeline up; called on the channel's event loop.
  static func configure(_ channel: any Channel, service: SessionHandler.Service, tls: NIOSSLContext?) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    try pipeline.addHandler(
      ByteToMessageHandler(FrameDecoder(maximumFrameBytes: service.maximumFrameBytes)))
    try pipeline.addHandler(SessionHandler(service, address: channel.remoteAddress?.text ?? ""))
  }
}

extension SocketAddress {
  /// The address and the port as operators read them.
  fileprivate var text: String {
    let host = ipAddress ?? ""
    return "\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
  }
}
