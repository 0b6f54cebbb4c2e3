internal import CEventStoreProtos
package import NIOCore

/// Opens a connection: says which version of the protocol the client speaks.
///
/// The version must be 1: without it a 4.1.4 server shortens the numbers of tombstones to 31 bits, with a version that it does
/// not know every later request is a BadRequest.
package struct IdentifyClient: SingleCommandMessage {
  package static let command = Command.identifyClient

  /// The version that every server understands.
  package static let currentVersion: Int32 = 1

  /// The protocol's version.
  package var version: Int32
  /// A name for the server's logs; nil where the client sent none.
  package var connectionName: String?

  package init(version: Int32 = Self.currentVersion, connectionName: String?) {
    self.version = version
    self.connectionName = connectionName
  }

  package func encode(into buffer: inout ByteBuffer) {
    MessageWriting.encode(self, into: &buffer) { writing in
      let message = writing.make(eventstore__identify_client__init)
      set(&message.pointee.version, &message.pointee.has_version, version)
      set(
        &message.pointee.connection_name, &message.pointee.has_connection_name,
        ifPresent: connectionName.map { writing.copy($0.utf8) })
      return message
    }
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self = try MessageReading.decode(payload, eventstore__identify_client__unpack) {
      message, reading throws(WireError) in
      IdentifyClient(
        version: message.version,
        connectionName: reading.text(message.connection_name, ifPresent: message.has_connection_name))
    }
  }
}
