@testable import EventStoreClient
@testable import EventStoreCore
@testable import EventStoreTCP

/// The members of gossip as another JSON parser finds them.
struct GossipModel {
  private let members: [RawJSON]

  /// Nil for what only one of the parsers reads, or where a name comes twice, which each may understand as it likes.
  init?(_ document: [UInt8]) {
    guard let json = RawJSON(parsing: document), !json.repeatsNames, case .array(let members) = json["members"] else {
      return nil
    }
    self.members = members
  }

  /// Claims that these are the members.
  func check(_ found: [GossipMember]) {
    claim(found.count == members.count, "\(members.count) members are \(found.count)")
    for (said, member) in zip(members, found) {
      claim(member.isAlive == (said["isAlive"] == .bool(true)), "a member is alive only when it says so")
      let host = said["externalTcpIp"]?.text
      claim([member.tcp, member.secureTCP].allSatisfy { $0 == nil || $0?.host == host }, "a member is on another host")
      claim(member.tcp == nil || said["externalTcpPort"] != nil, "a port comes from nowhere")
      claim(member.secureTCP == nil || said["externalSecureTcpPort"] != nil, "a secure port comes from nowhere")
      if let state = said["state"]?.text {
        claim(member.role == GossipMember.Role(state: state), "a member has another role than it says")
      } else {
        claim(member.role == GossipMember.Role(state: "Unknown"), "a member without a state has a role")
      }
    }
  }
}
