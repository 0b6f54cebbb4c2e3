// Finds a node of a cluster by gossip, and works with it. After the node is lost, the next one is found the same way.
//
//   DiscoverCluster "discover://admin:changeit@node1:2113,node2:2113"

import EventStoreClient

let cluster = CommandLine.arguments.dropFirst().first ?? "discover://admin:changeit@localhost:2113"

// The leader, which is the default: writes need it, and so do persistent subscriptions.
try await withEventStoreClient(cluster, connectionName: "writer") { client in
  try await client.ping()
  let result = try await client.publishEvent(to: "cluster-demo", type: "Greeted", body: ["name": "leader"])
  print("wrote event \(result.lastEventNumber)")
}

// A follower, to spare the leader; another node where there is none. Its answers can be a little old.
try await withEventStoreClient(cluster + "?nodePreference=follower", connectionName: "reader") { client in
  for try await event in client.iterate("cluster-demo") { print("read event \(event.number): \(event.data)") }
}

// No seed answers: an error, after as many attempts as were allowed.
do {
  let nobody = "discover://admin:changeit@localhost:1?maxDiscoverAttempts=2&discoveryInterval=10ms"
  try await withEventStoreClient(nobody) { try await $0.ping() }
} catch let error as EventStoreError where error.code == .discoveryFailed {
  print("nobody there: \(error.message)")
}
