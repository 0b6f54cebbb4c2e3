import EventStoreCore
import NIOCore
import NIOSSL
import NIOTLS

/// Lets nobody talk over TLS before the server's certificate has the wanted name.
final class CertificateNameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let name: CertificateName
  private let tls: NIOSSLClientHandler
  private let endpoint: String
  private var isRefused = false

  /// - Parameter tls: the handler before this one; it has checked who signed the certificate.
  init(_ name: CertificateName, tls: NIOSSLClientHandler, endpoint: Endpoint) {
    self.name = name
    self.tls = tls
    self.endpoint = "\(endpoint)"
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent, !hasName {
      isRefused = true
      context.fireErrorCaught(
        EventStoreError(
          .tlsFailed, "the certificate of \(endpoint) is not for \(name)",
          hint: "name the host that is in the certificate as the target host"))
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isRefused { context.fireChannelRead(data) }
  }

  private var hasName: Bool {
    guard let certificate = tls.peerCertificate else { return false }
    return name.isCovered(by: certificate.alternatives)
  }
}
