import EventStoreCore
import EventStoreServer
import Testing

@Suite struct UserTests {
  @Test("A user is described by name, password and groups")
  func parsing() {
    #expect(ServerUser(parsing: "ann:pass") == ServerUser(name: "ann", password: "pass"))
    #expect(
      ServerUser(parsing: "ann:pass:$admins,sales")
        == ServerUser(name: "ann", password: "pass", groups: ["$admins", "sales"]))
    #expect(ServerUser(parsing: "ann:pa:ss:") == ServerUser(name: "ann", password: "pa:ss"))
    for text in ["", "ann", "ann:", ":pass", "ann::sales", String(repeating: "n", count: 256) + ":p"] {
      #expect(ServerUser(parsing: text) == nil, "\(text)")
    }
  }

  @Test("Only the right password opens, and the later of two users of one name counts")
  func authentication() {
    let table = UserTable(ServerUser.defaults + [ServerUser(name: "ops", password: "other", groups: ["x"])])
    #expect(table.authenticate(Credentials(login: "admin", password: "changeit"))?.isAdministrator == true)
    #expect(table.authenticate(Credentials(login: "admin", password: "changeIt")) == nil)
    #expect(table.authenticate(Credentials(login: "admin", password: "")) == nil)
    #expect(table.authenticate(Credentials(login: "Admin", password: "changeit")) == nil)
    #expect(table.authenticate(Credentials(login: "ops", password: "changeit")) == nil)
    #expect(table.authenticate(Credentials(login: "ops", password: "other")) == Principal(name: "ops", groups: ["x"]))
  }

  @Test("A user prints without the password")
  func printing() {
    var text = ""
    dump(ServerUser(name: "ann", password: "s3cret"), to: &text)
    #expect(!text.contains("s3cret") && !"\(ServerUser(name: "ann", password: "s3cret"))".contains("s3cret"))
    text = ""
    dump(UserTable([ServerUser(name: "ann", password: "s3cret")]), to: &text)
    #expect(!text.contains("s3cret"))
  }
}
