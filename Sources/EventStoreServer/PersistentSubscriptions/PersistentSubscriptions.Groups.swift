import EventStoreCore
package import EventStoreWire

/// Creating, changing and deleting groups: whoever may write the server's settings may.
extension PersistentSubscriptions {
  /// Makes a group.
  package func create(
    _ request: CreatePersistentSubscription, by principal: Principal?
  ) -> CreatePersistentSubscriptionCompleted {
    let key = GroupKey(stream: request.stream, group: request.group)
    return change { state in
      guard mayManage(principal) else {
        return .init(result: .accessDenied, reason: "You do not have permissions to create streams")
      }
      guard state.groups[key] == nil else {
        return .init(result: .alreadyExists, reason: "Group '\(request.group)' already exists.")
      }
      guard !request.stream.utf8.isEmpty, request.stream != "$all" else {
        return .init(result: .failed, reason: "Bad stream name.")
      }
      guard let settings = GroupSettings(request.settings) else {
        return .init(result: .failed, reason: Self.missing(request.settings.consumerStrategy))
      }
      guard state.groups.count < Self.maximumGroupCount else {
        return .init(result: .failed, reason: "There are \(Self.maximumGroupCount) groups already.")
      }
      begin(key, GroupConfiguration(key, request.settings, settings.strategy), settings, in: &state)
      state.order.append(key)
      writeConfiguration(of: state, by: principal)
      return .init(result: .success, reason: "")
    }
  }

  /// Gives a group other settings: its consumers are dropped, and it goes on after its checkpoint.
  package func update(
    _ request: UpdatePersistentSubscription, by principal: Principal?
  ) -> UpdatePersistentSubscriptionCompleted {
    let key = GroupKey(stream: request.stream, group: request.group)
    return change { state in
      guard mayManage(principal) else {
        return .init(result: .accessDenied, reason: "You do not have permissions to update the subscription")
      }
      guard state.groups[key] != nil else {
        return .init(result: .doesNotExist, reason: "Group '\(request.group)' does not exist.")
      }
      guard let settings = GroupSettings(request.settings) else {
        return .init(result: .failed, reason: Self.missing(request.settings.consumerStrategy))
      }
      end(key, in: &state)
      begin(key, GroupConfiguration(key, request.settings, settings.strategy), settings, in: &state)
      writeConfiguration(of: state, by: principal)
      return .init(result: .success, reason: "")
    }
  }

  /// Deletes a group, its checkpoint and its parked events: its consumers are dropped.
  package func delete(
    _ request: DeletePersistentSubscription, by principal: Principal?
  ) -> DeletePersistentSubscriptionCompleted {
    let key = GroupKey(stream: request.stream, group: request.group)
    return change { state in
      guard mayManage(principal) else {
        return .init(result: .accessDenied, reason: "You do not have permissions to create streams")
      }
      guard state.groups[key] != nil else {
        return .init(result: .doesNotExist, reason: "Group '\(request.group)' does not exist.")
      }
      end(key, in: &state)
      state.groups[key] = nil
      state.order.removeAll { $0 == key }
      writeConfiguration(of: state, by: principal)
      for stream in [key.checkpointStream, key.parkedStream] where lastEvent(of: stream) != nil {
        _ = log.delete(stream, expected: .any, hard: false, by: .system)
      }
      return .init(result: .success, reason: "")
    }
  }

  /// Another node leads: all consumers are dropped, and every group goes on after its checkpoint.
  func leaderChanged() {
    change { state in
      for key in state.order {
        guard let group = state.groups[key] else { continue }
        end(key, in: &state)
        begin(key, group.settings, group.machine.settings, in: &state)
      }
    }
  }

  func mayManage(_ principal: Principal?) -> Bool {
    log.allows(.write, to: AccessRules.settingsStream, by: principal)
  }

  private static func missing(_ strategy: String?) -> String {
    "Consumer strategy \(strategy ?? "") does not exist."
  }

  private func begin(
    _ key: GroupKey, _ configuration: GroupConfiguration, _ settings: GroupSettings, in state: inout State
  ) {
    let checkpoint = lastEvent(of: key.checkpointStream).flatMap { EventNumber($0.data.description) }
    let machine = ConsumerGroupStateMachine(settings, checkpoint: checkpoint, place: log.eventCount, now: now)
    let following = { (number: EventNumber) in number == .max ? .max : number + 1 }
    let firstWanted = checkpoint.map(following) ?? settings.startFrom
    state.groups[key] = Group(
      settings: configuration, machine: machine, firstWanted: firstWanted ?? following(lastNumber(of: key.stream)))
  }

  private func end(_ key: GroupKey, in state: inout State) {
    let actions = state.groups[key]?.machine.ended() ?? []
    perform(actions, of: key, in: &state)
  }

  func lastEvent(of stream: StreamName) -> RecordedEvent? {
    let outcome = log.readEvent(stream, number: .streamEnd, resolveLinks: false, by: .system)
    guard case .found(.found(let event)) = outcome else { return nil }
    return event.event
  }

  /// The number of a stream's newest event, even of one that is hidden; -1 when there never was one.
  func lastNumber(of stream: StreamName) -> EventNumber {
    log.subscribe(stream, by: .system)?.lastEventNumber ?? -1
  }

  /// Keeps all groups in a stream, as a real server does.
  private func writeConfiguration(of state: State, by principal: Principal?) {
    let entries = state.order.compactMap { state.groups[$0]?.settings.json }
    let text = IndentedJSON.object([
      ("version", .text("2")), ("updated", .text(log.now.offsetText)),
      ("updatedBy", .text(principal?.name ?? "anonymous")), ("entries", .array(entries)),
    ]).text
    write(
      ProposedEvent(type: "PersistentConfig1", isJSON: true, data: Bytes(text)), "$persistentSubscriptionConfig")
  }
}
