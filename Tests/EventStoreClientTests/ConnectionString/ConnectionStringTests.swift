import EventStoreCore
import EventStoreTCP
import Testing

@testable import EventStoreClient

@Suite("Connection strings")
struct ConnectionStringTests {
  private func settings(_ text: String) throws -> ConnectionSettings {
    try ConnectionString(text).settings
  }

  private func problem(_ text: String) throws -> String {
    let error = try #require(throws: EventStoreError.self) { try ConnectionString(text) }
    #expect(error.code == .invalidConnectionString)
    return error.description
  }

  @Test("A tcp URL names one node, by default at port 1113, without TLS, for the leader only")
  func tcpURL() throws {
    let settings = try settings("tcp://localhost")
    #expect(settings.target == .node(Endpoint(host: "localhost", port: 1113)))
    #expect(settings.credentials == nil)
    let configuration = settings.configuration(defaultConnectionName: "n")
    #expect(configuration.security == nil)
    #expect(configuration.requiresLeader)
    #expect(configuration.connectionName == "n")
  }

  @Test(
    "User and password are percent-decoded, and the last @ ends them",
    arguments: [
      ("tcp://admin:changeit@h", "admin", "changeit"), ("tcp://a%40b:p%3Aw%2F%25@h:1", "a@b", "p:w/%"),
      ("tcp://user:p@ss:word@h", "user", "p@ss:word"), ("TCP://%C3%A9:%F0%9F%98%80@h/", "é", "😀"),
      ("tcp://u:@h", "u", ""),
    ])
  func credentials(text: String, login: String, password: String) throws {
    #expect(try ConnectionString(text).credentials == Credentials(login: login, password: password))
  }

  @Test("A discover URL names seeds, by default at port 2113")
  func discoverURL() throws {
    let settings = try settings("discover://u:p@one,two:1234,[::1]:5?nodePreference=Follower")
    let seeds = [
      Endpoint(host: "one", port: 2113), Endpoint(host: "two", port: 1234), Endpoint(host: "::1", port: 5),
    ]
    #expect(settings.target == .gossip(seeds))
    #expect(settings.nodePreference == .follower)
    #expect(settings.configuration(defaultConnectionName: "n").requiresLeader == false)
  }

  @Test(
    "IPv6 addresses stand in brackets before a port, or alone",
    arguments: [
      ("tcp://[fe80::1%25eth0]:99", "fe80::1%25eth0", 99), ("tcp://[::1]", "::1", 1113), ("tcp://::1", "::1", 1113),
    ])
  func addresses(text: String, host: String, port: Int) throws {
    #expect(try settings(text).target == .node(Endpoint(host: host, port: port)))
  }

  @Test("The options of a URL are case-insensitive")
  func urlOptions() throws {
    let settings = try settings(
      "discover://h?TLS=true&tlsverifycert=false&tlsCaFile=%2Fca.pem&tlsTargetHost=es&gossipTls=false&connectionName=a%20b"
        + "&gossipTimeout=2s&maxDiscoverAttempts=3&discoveryInterval=50&connectTimeout=7s&requestTimeout=1m"
        + "&heartbeatInterval=1500ms&heartbeatTimeout=750")
    #expect(settings.usesTLS)
    #expect(
      settings.security == TransportSecurity(verifiesCertificate: false, targetHost: "es", authorityFile: "/ca.pem"))
    #expect(settings.usesTLSForGossip == false)
    #expect(settings.gossipTimeout == .seconds(2))
    #expect(settings.maximumDiscoveryAttempts == 3)
    #expect(settings.discoveryInterval == .milliseconds(50))
    let configuration = settings.configuration(defaultConnectionName: "n")
    #expect(configuration.connectionName == "a b")
    #expect(configuration.connectTimeout == .seconds(7))
    #expect(configuration.requestTimeout == .seconds(60))
    #expect(configuration.heartbeatInterval == .milliseconds(1500))
    #expect(configuration.heartbeatTimeout == .milliseconds(750))
  }

  @Test("With TLS the certificate is checked unless that is switched off")
  func verification() throws {
    #expect(try settings("tcp://h?tls=true").configuration(defaultConnectionName: "n").security == TransportSecurity())
  }

  @Test("Row 38: the client's certificate and key are named in both forms")
  func clientCertificate() throws {
    for text in [
      "tcp://h?tls=true&userCertFile=%2Fc.pem&userKeyFile=%2Fk.pem",
      "ConnectTo=tcp://h; UseSslConnection=true; UserCertFile=/c.pem; UserKeyFile=/k.pem",
    ] {
      let security = try settings(text).configuration(defaultConnectionName: "n").security
      #expect(security == TransportSecurity(clientCertificateFile: "/c.pem", clientKeyFile: "/k.pem"))
    }
  }

  @Test("Row 32: how often requests and connections are tried again can be said in a URL, for ever too")
  func retries() throws {
    let configuration = try settings("tcp://h?maxRetries=2&maxReconnections=-1&reconnectionDelay=7ms")
      .configuration(defaultConnectionName: "n")
    #expect(configuration.requestRetries.maximumAttempts == 3)
    #expect(configuration.reconnection.maximumAttempts == nil)
    #expect(configuration.reconnection.firstDelay == .milliseconds(7))
  }

  @Test("The .NET client's ConnectTo form is understood")
  func dotNetConnectTo() throws {
    let settings = try settings(
      "ConnectTo=tcp://admin:changeit@es.example:1113; HeartBeatTimeout=500; UseSslConnection=true; TargetHost=es;"
        + " ValidateServer=false; OPERATIONTIMEOUT=9000; MaxReconnections=-1; MaxRetries=2; VerboseLogging=true;")
    #expect(settings.target == .node(Endpoint(host: "es.example", port: 1113)))
    #expect(settings.credentials == Credentials(login: "admin", password: "changeit"))
    #expect(settings.security == TransportSecurity(verifiesCertificate: false, targetHost: "es"))
    let configuration = settings.configuration(defaultConnectionName: "n")
    #expect(configuration.security != nil)
    #expect(configuration.heartbeatTimeout == .milliseconds(500))
    #expect(configuration.requestTimeout == .seconds(9))
    #expect(configuration.reconnection.maximumAttempts == nil)
    #expect(configuration.requestRetries.maximumAttempts == 3)
  }

  @Test("The .NET client's GossipSeeds form is understood; its gossip is plain HTTP")
  func dotNetGossip() throws {
    let settings = try settings(
      "GossipSeeds=one:2113, two:2113 ;DefaultUserCredentials=user:pass=word; NodePreference=slave;UseSslConnection=True"
    )
    #expect(settings.target == .gossip([Endpoint(host: "one", port: 2113), Endpoint(host: "two", port: 2113)]))
    #expect(settings.credentials == Credentials(login: "user", password: "pass=word"))
    #expect(settings.nodePreference == .follower)
    #expect(settings.usesTLS)
    #expect(settings.usesTLSForGossip == false)
    #expect(try self.settings("ConnectTo=discover://h").target == .gossip([Endpoint(host: "h", port: 2113)]))
  }

  @Test(
    "What cannot be understood is said",
    arguments: [
      ("", "neither ConnectTo nor GossipSeeds"), ("localhost:1113", "a part has no name"),
      ("http://h", "http:// is not known"), ("esdb://h", "gRPC"), ("tcp://", "a host is empty"),
      ("tcp://a,b", "tcp:// takes one host"), ("tcp://h:0", "the port of h must be 1 to 65535"),
      ("tcp://h:x", "the port of h"), ("tcp://[x]:1", "is no host"), ("tcp://a b", "is no host"),
      ("tcp://u@h", "user:password"), ("tcp://u:%zz@h", "broken percent code"),
      ("tcp://u:%ff@h", "broken percent code"),
      ("tcp://h?x=1", "there is no option x"), ("tcp://h?tls=maybe", "tls must be true or false"),
      ("tcp://h?tls=true&TLS=true", "TLS is given twice"), ("tcp://h?requestTimeout=5h", "requestTimeout must be"),
      ("tcp://h?requestTimeout=-1", "requestTimeout must be"),
      ("tcp://h?connectTimeout=0", "must be more than nothing"),
      ("tcp://h?tlsCaFile=x", "tlsCaFile needs tls=true"),
      ("tcp://h?userCertFile=x&userKeyFile=y", "userCertFile needs tls=true"),
      ("tcp://h?tls=true&userKeyFile=y", "userCertFile and userKeyFile belong together"),
      ("tcp://h?tlsVerifyCert=false", "needs TLS to be on"),
      ("tcp://h?nodePreference=best", "nodePreference must be leader"),
      ("discover://h?maxDiscoverAttempts=0", "attempts"),
      ("discover://h?requireLeader=true&nodePreference=random", "only the leader may answer"),
      ("ConnectTo=tcp://h;GossipSeeds=h", "exclude each other"),
      ("ConnectTo=tcp://h;Nonsense=1", "there is no option Nonsense"),
      ("ConnectTo=tcp://h;DefaultUserCredentials=u", "must be user:password"),
      ("ConnectTo=tcp://h;MaxRetries=-2", "MaxRetries must be -1"),
      ("tcp://\(String(repeating: "u", count: 256)):p@h", "longer"),
    ])
  func refused(text: String, words: String) throws {
    let problem = try problem(text)
    #expect(problem.contains(words), "\(problem)")
  }

  @Test("All problems are reported at once")
  func allProblems() throws {
    let problem = try problem("tcp://u:secret@h:99999?tls=maybe&nothing=1&heartbeatTimeout=soon")
    for words in ["the port of h", "tls must be", "there is no option nothing", "heartbeatTimeout must be"] {
      #expect(problem.contains(words))
    }
    #expect(!problem.contains("secret"))
  }

  @Test(
    "Row 35: the password is never printed, neither in a description nor in a problem",
    arguments: [
      "tcp://admin:secret@h", "discover://admin:secret@h,i", "ConnectTo=tcp://h;DefaultUserCredentials=admin:secret",
      "tcp://admin:secret@h?x=y", "tcp://admin:secret@h:x", "tcp://admin:secret@", "ConnectTo=tcp://h;admin:secret",
      "discover://admin:secret%2@h", "DefaultUserCredentials=secret;ConnectTo=tcp://h", "foo://admin:secret@h",
    ])
  func redaction(text: String) {
    var output = ""
    do {
      let string = try ConnectionString(text)
      dump(string, to: &output)
      output += "\(string) \(String(reflecting: string)) \(string.settings)"
    } catch {
      output = "\(error) \(String(reflecting: error))"
    }
    #expect(!output.contains("secret"), "\(output)")
  }

  @Test("A description says where and who")
  func description() throws {
    #expect(try ConnectionString("tcp://u:p@h").description == "tcp://u:**redacted**@h:1113")
    #expect(
      try ConnectionString("GossipSeeds=a,[::1]:5").description == "discover://a:2113,[::1]:5")
  }
}
