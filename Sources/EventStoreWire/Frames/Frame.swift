package import EventStoreCore
package import NIOCore

/// One package of the TCP protocol, without the length in front.
///
/// On the wire: command (1 byte), flags (1), correlation id (16, .NET order), with flag 1 login and password, each after
/// its length in one byte; then the payload. See docs/PROTOCOL.md, "Frames".
package struct Frame: Hashable, Sendable {
  /// What the frame is for.
  package var command: Command
  /// The flags, except that `authenticated` follows `credentials`.
  package var flags: FrameFlags
  /// Which request this is, or which it answers; all zero where the server could not tell.
  package var correlationID: EventID
  /// Who asks, when it is not the connection's default user.
  package var credentials: Credentials?
  /// The message's bytes: protobuf, text, or nothing.
  package var payload: ByteBuffer

  package init(
    command: Command, correlationID: EventID, credentials: Credentials? = nil, payload: ByteBuffer = ByteBuffer(),
    flags: FrameFlags = []
  ) {
    self.command = command
    self.correlationID = correlationID
    self.credentials = credentials
    self.payload = payload
    self.flags = credentials == nil ? flags.subtracting(.authenticated) : flags.union(.authenticated)
  }

  /// What every frame holds: command, flags and correlation id.
  package static let minimumBytes = 18
  /// The largest frame that a server takes, length excluded: 64 MiB.
  package static let maximumOutboundBytes = 64 << 20
  /// The largest frame that a client takes unless told otherwise: 128 MiB, because servers do not limit their answers.
  package static let defaultMaximumInboundBytes = 128 << 20
}

extension Frame {
  /// Reads what follows the length.
  /// - Throws: `frameTooShort`, `badAuthenticationBlock`.
  package init(body: ByteBuffer) throws(WireError) {
    var rest = body
    let length = body.readableBytes
    guard let command = rest.readInteger(as: UInt8.self), let flags = rest.readInteger(as: UInt8.self),
      let correlationID = rest.readDotNetGUID()
    else { throw WireError(.frameTooShort, "a frame of \(length) bytes is too short", length: length) }
    self.command = Command(rawValue: command)
    self.flags = FrameFlags(rawValue: flags)
    self.correlationID = correlationID
    if self.flags.contains(.authenticated) {
      credentials = try Self.readCredentials(from: &rest)
    }
    payload = rest
  }

  /// Servers want at least one byte after the password's length, so an empty password cannot end a frame.
  private static func readCredentials(from rest: inout ByteBuffer) throws(WireError) -> Credentials {
    guard let loginLength = rest.readInteger(as: UInt8.self), rest.readableBytes > Int(loginLength) + 1,
      let login = rest.readString(length: Int(loginLength))
    else { throw WireError(.badAuthenticationBlock, "the login does not fit into the frame") }
    guard let passwordLength = rest.readInteger(as: UInt8.self),
      let password = rest.readString(length: Int(passwordLength))
    else { throw WireError(.badAuthenticationBlock, "the password does not fit into the frame") }
    return Credentials(login: login, password: password)
  }

  /// Writes everything but the payload, the length excluded.
  /// - Throws: `badCredentials`.
  static func writeHeader(
    _ command: Command, _ flags: FrameFlags, _ correlationID: EventID, _ credentials: Credentials?,
    into buffer: inout ByteBuffer
  ) throws(WireError) {
    let login = credentials?.login.utf8
    let password = credentials?.password.utf8
    guard (login?.count ?? 0) <= 255, (password?.count ?? 0) <= 255 else {
      throw WireError(.badCredentials, "a login or password takes more than 255 bytes")
    }
    buffer.writeInteger(command.rawValue)
    buffer.writeInteger(
      credentials == nil
        ? flags.subtracting(.authenticated).rawValue : flags.union(.authenticated).rawValue)
    buffer.writeDotNetGUID(correlationID)
    if let login, let password {
      buffer.writeInteger(UInt8(login.count))
      buffer.writeBytes(login)
      buffer.writeInteger(UInt8(password.count))
      buffer.writeBytes(password)
    }
  }
}
