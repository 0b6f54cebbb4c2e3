package import EventStoreCore

extension EventLog {
  /// A log as a server begins it: with the events that tell of its users, without their passwords.
  ///
  /// Each user has a `$UserCreated` event in a stream of its own, and a `$User` event in `$users`.
  package convenience init(
    users: [ServerUser], clock: @escaping @Sendable () -> Timestamp = ServerConfiguration.systemClock
  ) {
    self.init(clock: clock)
    for user in users {
      let login = user.credentials.login
      let created = RawJSON.object([
        RawJSON.Member(name: Array("loginName".utf8), value: RawJSON(text: login)),
        RawJSON.Member(name: Array("fullName".utf8), value: RawJSON(text: login)),
        RawJSON.Member(name: Array("groups".utf8), value: .array(user.groups.map { RawJSON(text: $0) })),
        RawJSON.Member(name: Array("disabled".utf8), value: .bool(false)),
      ])
      let details = ProposedEvent(type: "$UserCreated", isJSON: true, data: Bytes(created.compactText))
      _ = append([details], to: StreamName("$user-\(login)"), expected: .any, by: .system)
      let name = ProposedEvent(type: "$User", isJSON: false, data: Bytes(login))
      _ = append([name], to: "$users", expected: .any, by: .system)
    }
  }
}
