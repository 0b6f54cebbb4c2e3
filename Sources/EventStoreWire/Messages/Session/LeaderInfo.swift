internal import CEventStoreProtos
internal import NIOCore

/// Where a node believes the leader to be: what `NotHandled` says with `notLeader`.
package struct LeaderInfo: Hashable, Sendable {
  /// A host and a port.
  package struct Address: Hashable, Sendable {
    /// A name or a numeric address.
    package var host: String
    /// The port.
    package var port: Int32

    package init(host: String, port: Int32) {
      self.host = host
      self.port = port
    }
  }

  /// For TCP.
  package var tcp: Address
  /// For HTTP.
  package var http: Address
  /// For TCP with TLS; nil where the node has no such port.
  package var secureTCP: Address?

  package init(tcp: Address, http: Address, secureTCP: Address? = nil) {
    self.tcp = tcp
    self.http = http
    self.secureTCP = secureTCP
  }
}

extension LeaderInfo {
  func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__not_handled__leader_info__init)
      set(
        &message.pointee.external_tcp_address, &message.pointee.has_external_tcp_address,
        writing.copy(tcp.host.utf8))
      set(&message.pointee.external_tcp_port, &message.pointee.has_external_tcp_port, tcp.port)
      set(&message.pointee.http_address, &message.pointee.has_http_address, writing.copy(http.host.utf8))
      set(&message.pointee.http_port, &message.pointee.has_http_port, http.port)
      if let secureTCP {
        set(
          &message.pointee.external_secure_tcp_address, &message.pointee.has_external_secure_tcp_address,
          writing.copy(secureTCP.host.utf8))
        set(
          &message.pointee.external_secure_tcp_port, &message.pointee.has_external_secure_tcp_port, secureTCP.port)
      }
      return message
    }
  }

  init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__not_handled__leader_info__unpack) {
      message, reading throws(WireError) in
      var secureTCP: Address?
      if message.has_external_secure_tcp_address != 0, message.external_secure_tcp_address.len > 0 {
        secureTCP = Address(
          host: reading.text(message.external_secure_tcp_address), port: message.external_secure_tcp_port)
      }
      return LeaderInfo(
        tcp: Address(host: reading.text(message.external_tcp_address), port: message.external_tcp_port),
        http: Address(host: reading.text(message.http_address), port: message.http_port),
        secureTCP: secureTCP)
    }
  }
}
