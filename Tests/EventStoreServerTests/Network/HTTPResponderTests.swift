import EventStoreCore
import GoldenTraffic
import Testing

@testable import EventStoreServer

@Suite("HTTP answers")
struct HTTPResponderTests {
  private var status: NodeStatus {
    NodeStatus(
      instanceID: EventID(high: 1, low: 2), epochID: EventID(high: 3, low: 4), host: "127.0.0.1", tcpPort: 1113,
      isTCPSecure: false, httpPort: 2113, started: Timestamp(ticks: 0), now: Timestamp(ticks: 10_000_000),
      lastCommitPosition: 1234, writerCheckpoint: 1356, connectionCount: 3)
  }

  private func json(_ target: String, secure: Bool = false) throws -> JSONValue {
    var node = status
    node.isTCPSecure = secure
    let answer = HTTPResponder.answer(HTTPRequest(method: "GET", target: target), status: ClusterStatus(alone: node))
    #expect(answer.status == 200)
    #expect(answer.contentType == "application/json; charset=utf-8")
    return try JSONValue(parsing: answer.body.utf8)
  }

  @Test(
    "Gossip has the members, names and types of the recorded answer", arguments: ["/gossip?format=json", "/gossip"])
  func gossipForm(target: String) throws {
    let ours = try json(target)
    let recorded = try HTTPRecording.json(named: "gossip-single.json")
    #expect(ours.form == recorded.form)
    let (mine, theirs) = (try #require(ours["members"]?[0]?.object), try #require(recorded["members"]?[0]?.object))
    for name in ["state", "isAlive", "externalSecureTcpPort", "epochPosition", "epochNumber", "nodePriority"] {
      #expect(mine[name] == theirs[name], "\(name)")
    }
  }

  @Test("Gossip is laid out as the recorded answer, line by line")
  func gossipLayout() throws {
    let body = HTTPResponder.answer(
      HTTPRequest(method: "GET", target: "/gossip"), status: ClusterStatus(alone: status)
    ).body
    let recorded = String(decoding: try HTTPRecording.body(named: "gossip-single.json"), as: UTF8.self)
    func names(_ text: String) -> [Substring] {
      text.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != ":" } }
    }
    #expect(names(body) == names(recorded))
  }

  @Test("Gossip names the ports and the places of the log")
  func gossipValues() throws {
    let member = try #require(try json("/gossip?format=json")["members"]?[0])
    #expect(member["externalTcpPort"]?.integer == 1113)
    #expect(member["externalHttpPort"]?.integer == 2113)
    #expect(member["lastCommitPosition"]?.integer == 1234)
    #expect(member["writerCheckpoint"]?.integer == 1356)
    #expect(member["instanceId"]?.string == "00000000-0000-0001-0000-000000000002")
    #expect(member["timeStamp"]?.string == "1970-01-01T00:00:01.0000000Z")
  }

  @Test("A node with TLS names its port as the secure one")
  func secureGossip() throws {
    let member = try #require(try json("/gossip", secure: true)["members"]?[0])
    #expect(member["externalTcpPort"]?.integer == 0)
    #expect(member["externalSecureTcpPort"]?.integer == 1113)
  }

  @Test(
    "Ping and info are the recorded answers, byte for byte", arguments: [("/ping", "ping"), ("/info", "info-single")])
  func constants(target: String, file: String) throws {
    let answer = HTTPResponder.answer(HTTPRequest(method: "GET", target: target), status: ClusterStatus(alone: status))
    #expect(Array(answer.body.utf8) == (try HTTPRecording.body(named: "\(file).json")))
  }

  @Test("What stats has is in the recorded answer too, under the same names")
  func stats() throws {
    let (ours, recorded) = (try json("/stats"), try HTTPRecording.json(named: "stats-single.json"))
    #expect(ours["es"]?["checksum"]?.integer == 1356)
    #expect(recorded["es"]?["checksum"]?.integer != nil)
    #expect(ours["proc"]?["tcp"]?["connections"]?.integer == 3)
    #expect(recorded["proc"]?["tcp"]?["connections"]?.integer != nil)
    #expect(recorded["proc"]?["startTime"]?.string != nil)
  }

  @Test(
    "Everything else is refused",
    arguments: [
      ("GET", "/", 404), ("GET", "/streams/x", 404), ("GET", "", 404), ("POST", "/gossip", 405),
      ("GET", "/gossip?format=xml", 406),
    ])
  func refusals(method: String, target: String, expected: Int) {
    let request = HTTPRequest(method: method, target: target)
    #expect(HTTPResponder.answer(request, status: ClusterStatus(alone: status)).status == expected)
  }
}

extension JSONValue {
  /// The names and types, without the values.
  fileprivate var form: [String] {
    switch self {
    case .null: ["null"]
    case .bool: ["bool"]
    case .integer: ["integer"]
    case .number: ["number"]
    case .string: ["string"]
    case .array(let elements): elements.flatMap(\.form).map { "[]" + $0 }
    case .object(let members):
      members.flatMap { name, value in value.form.map { ".\(name)\($0)" } }.sorted()
    }
  }
}
