import Testing

@testable import EventStoreTCP

@Suite("The name in a certificate")
struct CertificateNameTests {
  private func isCovered(_ name: String, by alternatives: CertificateName.Alternative...) -> Bool {
    CertificateName(name).isCovered(by: alternatives)
  }

  @Test("A host is covered by its own name, in any case and with a last dot or without")
  func host() {
    #expect(isCovered("db.example.com", by: .host("other"), .host("DB.example.COM")))
    #expect(isCovered("DB.example.com.", by: .host("db.example.com")))
    #expect(isCovered("db.example.com", by: .host("db.example.com.")))
    #expect(!isCovered("db.example.com", by: .host("example.com"), .host("xdb.example.com"), .host("db.example.co")))
    #expect(!isCovered("db.example.com", by: .address([127, 0, 0, 1])))
    #expect(!isCovered("db.example.com"))
  }

  @Test("A star stands for one label, the first, and for no part of one")
  func star() {
    #expect(isCovered("db.example.com", by: .host("*.example.com")))
    for name in ["example.com", "a.db.example.com", ".example.com", "db.example.org"] {
      #expect(!isCovered(name, by: .host("*.example.com")), "\(name)")
    }
    #expect(!isCovered("db.example.com", by: .host("d*.example.com"), .host("db.*.com"), .host("*")))
  }

  @Test("An address is covered by the same address alone")
  func address() {
    #expect(isCovered("127.0.0.1", by: .host("localhost"), .address([127, 0, 0, 1])))
    #expect(isCovered("::1", by: .address([UInt8](repeating: 0, count: 15) + [1])))
    #expect(!isCovered("127.0.0.1", by: .address([127, 0, 0, 2]), .host("127.0.0.1"), .host("*.0.0.1")))
    #expect(!isCovered("127.0.0.1", by: .address([]), .address([127, 0, 0, 1, 0])))
  }

  @Test("Without alternative names the host was compared with the common name before, an address with nothing")
  func none() {
    #expect(CertificateName("db.example.com").isCovered(by: nil))
    #expect(!CertificateName("127.0.0.1").isCovered(by: nil))
  }
}
