import Dispatch
import EventStoreCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A request from outside to stop.
package enum ProcessSignal: Sendable {
  /// SIGINT, as Ctrl-C sends it.
  case interrupt
  /// SIGTERM, as service managers send it.
  case terminate

  /// The exit code of a run that it cut short.
  package var exitCode: ExitCode {
    switch self {
    case .interrupt: .interrupted
    case .terminate: .terminated
    }
  }
}

/// SIGINT and SIGTERM: the first one asks the running command to finish safely, a second one ends the process at once.
package final class Interruption: Sendable {
  private struct State {
    var received: ProcessSignal?
    var actions: [Int: @Sendable () -> Void] = [:]
    var nextToken = 0
  }

  private let state = Locked(State())

  package init() {}

  /// The first signal that came; nil while none has.
  package var received: ProcessSignal? { state.withLock { $0.received } }

  /// Begins to listen to the process's signals, for as long as the process lives.
  package func install() {
    signal(SIGPIPE, SIG_IGN)
    for (number, stop) in [(SIGINT, ProcessSignal.interrupt), (SIGTERM, .terminate)] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        if !arrived(stop) { _exit(stop.exitCode.rawValue) }
      }
      source.activate()
      // The handler's reference to the source keeps it alive.
      source.setCancelHandler { _ = source }
    }
  }

  /// Takes note of a signal; false when one had arrived before.
  package func arrived(_ stop: ProcessSignal) -> Bool {
    let actions: [@Sendable () -> Void]? = state.withLock { state in
      guard state.received == nil else { return nil }
      state.received = stop
      return Array(state.actions.values)
    }
    actions?.forEach { $0() }
    return actions != nil
  }

  /// Runs `body`; `stop` is called once when a signal comes meanwhile, or had come before.
  package func stopping<Result>(
    by stop: @escaping @Sendable () -> Void, _ body: () async throws -> Result
  ) async rethrows -> Result {
    let token: Int? = state.withLock { state in
      guard state.received == nil else { return nil }
      state.nextToken += 1
      state.actions[state.nextToken] = stop
      return state.nextToken
    }
    if token == nil { stop() }
    defer {
      if let token { state.withLock { state in state.actions[token] = nil } }
    }
    return try await body()
  }

  /// Waits for a signal.
  package func wait() async {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    await stopping(by: { continuation.finish() }) {
      for await _ in signals {}
    }
  }
}
