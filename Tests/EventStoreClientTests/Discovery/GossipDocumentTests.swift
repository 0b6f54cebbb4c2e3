import EventStoreCore
import EventStoreTCP
import GoldenTraffic
import Testing

@testable import EventStoreClient

@Suite("Gossip")
struct GossipDocumentTests {
  private func leader(in file: String) throws -> Endpoint? {
    let members = try GossipDocument.members(in: HTTPRecording.body(named: file))
    var random = FixedRandom()
    return NodeSelector(preference: .leader, usesTLS: false).select(members, avoiding: nil, using: &random)
  }

  @Test(
    "Row 30: a real cluster's leader is found from each of its nodes", arguments: ["master-1", "slave-2", "slave-3"])
  func cluster(name: String) throws {
    let file = "gossip-cluster-from-\(name).json"
    let master = try #require(
      try HTTPRecording.json(named: file)["members"]?.array?.first { $0["state"] == .string("Master") })
    #expect(
      try leader(in: file)?.port == master["externalTcpPort"]?.integer.map(Int.init))
  }

  @Test("Row 31: the dead master that a real cluster still names is not chosen, the live one is")
  func deadMaster() throws {
    #expect(try leader(in: "gossip-master-dead.json") == Endpoint(host: "127.0.0.1", port: 1953))
    let failover = try #require(try leader(in: "gossip-after-failover.json"))
    #expect(failover.port != 1933)
  }

  @Test("A node without a quorum is not chosen", arguments: ["gossip-no-quorum.json", "gossip-quorum-lost.json"])
  func noQuorum(file: String) throws {
    #expect(try leader(in: file) == nil)
  }

  @Test("A single node is its own leader")
  func single() throws {
    #expect(try leader(in: "gossip-single.json") != nil)
    #expect(try leader(in: "gossip-single.json") == leader(in: "gossip-single-noformat.json"))
  }

  @Test("Row 31: the newer form is understood: other states, one HTTP end point, TCP ports where there are any")
  func newerForm() throws {
    let text = """
      {"members":[
        {"instanceId":"a","state":"Leader","isAlive":true,"internalTcpIp":"i","externalTcpIp":"one","externalTcpPort":0,
         "externalSecureTcpPort":1113,"httpEndPointIp":"one.example","httpEndPointPort":2113,"esVersion":"23.10.0"},
        {"state":"ReadOnlyReplica","isAlive":true,"httpEndPointIp":"two","httpEndPointPort":2113}],
       "serverIp":"x","serverPort":1}
      """
    let members = try GossipDocument.members(in: Array(text.utf8))
    #expect(
      members == [
        GossipMember(
          role: .leader, isAlive: true, tcp: nil, secureTCP: Endpoint(host: "one", port: 1113),
          http: Endpoint(host: "one.example", port: 2113)),
        GossipMember(
          role: .readOnlyReplica, isAlive: true, tcp: nil, secureTCP: nil, http: Endpoint(host: "two", port: 2113)),
      ])
  }

  @Test("What is no gossip is said to be none", arguments: ["", "{}", "[]", "<html>", #"{"members":1}"#])
  func noGossip(text: String) {
    let error = #expect(throws: EventStoreError.self) { try GossipDocument.members(in: Array(text.utf8)) }
    #expect(error?.code == .protocolViolation)
  }
}
