import EventStoreWire
import Testing

@testable import EventStoreServer

@Suite("Roles in a cluster")
struct ClusterRolesTests {
  private let address = LeaderInfo(
    tcp: LeaderInfo.Address(host: "h", port: 1), http: LeaderInfo.Address(host: "h", port: 2))

  private func availability(_ roles: ClusterRoles) -> [NodeAvailability] {
    roles.roles.indices.map { roles.availability(of: $0, leader: roles.leader == nil ? nil : address) }
  }

  @Test("The first node that may lead leads, the others follow, and a replica only reads")
  func start() {
    let roles = ClusterRoles(count: 3, replicas: [0])
    #expect(roles.roles == [.readOnlyReplica, .leader, .follower])
    #expect(availability(roles) == [.readOnly, .ready, .follower(of: address)])
  }

  @Test("In an election nobody leads and nobody follows, until another leads")
  func election() {
    var roles = ClusterRoles(count: 3, replicas: [2])
    roles.electionStarted()
    #expect(roles.roles == [.unknown, .unknown, .readOnlyReplica] && roles.leader == nil)
    #expect(availability(roles) == [.notReady, .notReady, .readOnly])
    roles.moveLeader(to: 1)
    #expect(roles.roles == [.follower, .leader, .readOnlyReplica] && roles.leader == 1)
  }

  @Test("A dead leader is named until another one leads, and follows when it is back")
  func deadLeader() {
    var roles = ClusterRoles(count: 3, replicas: [])
    roles.stopped(0)
    #expect(roles.isAlive == [false, true, true])
    #expect(roles.roles == [.leader, .follower, .follower])
    roles.moveLeader(to: 2)
    roles.started(0)
    #expect(roles.isAlive == [true, true, true])
    #expect(roles.roles == [.follower, .follower, .leader])
  }

  @Test("A leader that died in an election is no leader when it is back")
  func deadInElection() {
    var roles = ClusterRoles(count: 2, replicas: [])
    roles.stopped(0)
    roles.electionStarted()
    roles.started(0)
    #expect(roles.roles == [.unknown, .unknown] && roles.leader == nil)
  }
}
