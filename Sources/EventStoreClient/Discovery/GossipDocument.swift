import EventStoreCore
import EventStoreTCP
import FoundationEssentials

/// The JSON that `GET /gossip` answers, of all versions: every field may be absent.
struct GossipDocument: Decodable {
  fileprivate let members: [Member]

  fileprivate struct Member: Decodable {
    let state: String?
    let isAlive: Bool?
    let externalTcpIp: String?
    let externalTcpPort: Int?
    let externalSecureTcpPort: Int?
    let externalHttpIp: String?
    let externalHttpPort: Int?
    let httpEndPointIp: String?
    let httpEndPointPort: Int?
  }

  /// Reads the members from a body.
  /// - Throws: `protocolViolation` when it is no gossip.
  static func members(in body: [UInt8]) throws(EventStoreError) -> [GossipMember] {
    do {
      return try JSONDecoder().decode(GossipDocument.self, from: Data(body)).members.map(GossipMember.init)
    } catch {
      throw EventStoreError(.protocolViolation, "the answer is no gossip", cause: "\(error)")
    }
  }
}

extension GossipMember {
  fileprivate init(_ member: GossipDocument.Member) {
    func endpoint(_ host: String?, _ port: Int?) -> Endpoint? {
      guard let host, let port, !host.isEmpty, (1...65535).contains(port) else { return nil }
      return Endpoint(host: host, port: port)
    }
    self.init(
      role: Role(state: member.state ?? "Unknown"),
      isAlive: member.isAlive ?? false,
      tcp: endpoint(member.externalTcpIp, member.externalTcpPort),
      secureTCP: endpoint(member.externalTcpIp, member.externalSecureTcpPort),
      http: endpoint(member.httpEndPointIp, member.httpEndPointPort)
        ?? endpoint(member.externalHttpIp, member.externalHttpPort))
  }
}
