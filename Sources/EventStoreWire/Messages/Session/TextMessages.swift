package import NIOCore

/// A message whose payload is text for people, in UTF-8.
package protocol TextMessage: SingleCommandMessage {
  /// The words; U+FFFD stands where they were not UTF-8.
  var text: String { get }

  init(text: String)
}

extension TextMessage {
  package func encode(into buffer: inout ByteBuffer) {
    buffer.writeString(text)
  }

  package init(decoding payload: ByteBuffer) throws(WireError) {
    self.init(text: String(buffer: payload))
  }
}

/// Refuses a request that the server does not understand, or that makes no sense.
package struct BadRequest: TextMessage {
  package static let command = Command.badRequest

  package var text: String

  package init(text: String) {
    self.text = text
  }
}

/// Refuses credentials, or a request without them.
package struct NotAuthenticated: TextMessage {
  package static let command = Command.notAuthenticated

  package var text: String

  package init(text: String) {
    self.text = text
  }
}
