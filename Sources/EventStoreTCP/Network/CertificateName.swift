import NIOCore
import NIOSSL

/// The name that a server's certificate must have: a host's, or an address.
///
/// The TLS library also takes a certificate that covers the address it is connected to, whatever name was asked for. Whoever
/// names a host wants that host: so the name is looked at once more here.
enum CertificateName: Hashable, Sendable {
  /// A host name, in lower case and without the last dot.
  case host(String)
  /// An IP address; its port is 0.
  case address(SocketAddress)

  /// The name that `text` stands for.
  init(_ text: String) {
    if let address = try? SocketAddress(ipAddress: text, port: 0) {
      self = .address(address)
    } else {
      self = .host(Self.normal(text))
    }
  }

  /// A name that a certificate gives its owner.
  enum Alternative: Hashable, Sendable {
    /// A host name, perhaps with `*` for its first label.
    case host(String)
    /// An IP address: 4 or 16 bytes.
    case address([UInt8])
  }

  /// Whether a certificate with these alternative names has this one.
  ///
  /// A certificate without any has only its common name, which the TLS library has compared with the host's name already.
  func isCovered(by names: [Alternative]?) -> Bool {
    guard let names else {
      switch self {
      case .host: return true
      case .address: return false
      }
    }
    return names.contains { name in
      switch (self, name) {
      case (.host(let host), .host(let pattern)): Self.matches(host, Self.normal(pattern))
      case (.address(let address), .address(let bytes)):
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)) == address
      case (.host, .address), (.address, .host): false
      }
    }
  }

  /// `*` stands for exactly one label, the first.
  private static func matches(_ host: String, _ pattern: String) -> Bool {
    guard pattern.hasPrefix("*.") else { return host == pattern }
    guard let dot = host.firstIndex(of: "."), dot > host.startIndex else { return false }
    return host[dot...] == pattern.dropFirst()
  }

  private static func normal(_ name: String) -> String {
    let name = name.lowercased()
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }
}

extension CertificateName: CustomStringConvertible {
  var description: String {
    switch self {
    case .host(let name): name
    case .address(let address): address.ipAddress ?? "\(address)"
    }
  }
}

extension NIOSSLCertificate {
  /// The hosts and addresses that the certificate names; nil when it has no list of alternative names.
  var alternatives: [CertificateName.Alternative]? {
    let names = _subjectAlternativeNames()
    guard !names.isEmpty else { return nil }
    return names.compactMap { name in
      switch name.nameType {
      case .dnsName: .host(name.contents.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
      case .ipAddress: .address(name.contents.withUnsafeBufferPointer { Array($0) })
      default: nil
      }
    }
  }
}
