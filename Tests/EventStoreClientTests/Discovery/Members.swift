import EventStoreTCP

@testable import EventStoreClient

/// A node of a test's cluster, named by a letter that gives its ports.
func member(_ port: Int, _ role: GossipMember.Role, isAlive: Bool = true, secure: Bool = false) -> GossipMember {
  GossipMember(
    role: role, isAlive: isAlive, tcp: secure ? nil : node(port), secureTCP: secure ? node(port) : nil,
    http: Endpoint(host: "h", port: port + 1000))
}

/// The TCP endpoint of that node.
func node(_ port: Int) -> Endpoint { Endpoint(host: "h", port: port) }

/// The HTTP endpoint of that node.
func seed(_ port: Int) -> Endpoint { Endpoint(host: "h", port: port + 1000) }

/// Numbers in a fixed order, so that a choice can be foreseen.
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64 = 0

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return state
  }
}
