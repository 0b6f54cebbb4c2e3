import EventStoreCore

/// Reads `$all` of a server from its beginning to an end, one page ahead.
struct LogScan: Sendable {
  let reader: any EventReader
  let patience: Patience
  let pageSize: Int

  /// The end of the log; nil when it has no events.
  func end() async throws -> Position? {
    try await patience("reading the end of $all") { [reader] in
      try await denying { try await reader.lastPosition() }
    }
  }

  /// Gives all events up to `end`, those of system streams too, in order.
  ///
  /// - Throws: `accessDenied`, `stalled`, `unexpectedAnswer`, `Interruption.stopped`, and the server's errors.
  func forEachBatch(until end: Position?, _ take: ([RecordedEvent], Position?) -> Void) async throws {
    guard let end else { return }
    var reading = AllReadStateMachine(after: nil, until: end, includeSystem: true)
    var ahead: Task<AllPage, any Error>? = page(at: reading.nextPosition)
    defer { ahead?.cancel() }
    while let page = ahead {
      let verdict = try reading.pageArrived(try await value(of: page))
      switch verdict.next {
      case .read(let position): ahead = self.page(at: position)
      case .end: ahead = nil
      }
      if !verdict.taken.isEmpty { take(verdict.taken, reading.reached) }
    }
  }

  private func value(of page: Task<AllPage, any Error>) async throws -> AllPage {
    do {
      return try await result(
        of: page, within: patience.policy.stallTimeout * 2, on: patience.stopwatch, unless: patience.stop)
    } catch Interruption.timedOut {
      throw Patience.stalled("reading $all", for: patience.policy.stallTimeout)
    }
  }

  private func page(at position: Position) -> Task<AllPage, any Error> {
    Task { [self] in
      try await patience("reading $all") { [reader, pageSize] in
        try await denying {
          try await reader.readAll(.forward, from: position, maximumCount: pageSize, resolveLinks: false)
        }
      }
    }
  }
}

/// Says of a denied read of `$all` what can be done about it.
private func denying<Success: Sendable>(_ read: @Sendable () async throws -> Success) async throws -> Success {
  do {
    return try await read()
  } catch var error as EventStoreError where error.code == .accessDenied {
    error.hint = "reading $all needs an administrator, or a role that $settings names"
    throw error
  }
}
