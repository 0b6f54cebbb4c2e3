import NIOCore
import EventStoreCore

/// The open connections of a server, so that all of them can be closed.
final class ConnectionRegistry: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isClosed = false
  }

  private let state = Locked(State())

  /// How many connections are open.
  var count: Int { state.withLock { $0.channels.count } }

  /// Remembers a connection until it closes; closes it at once when the registry is closed.
  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let isAccepted = state.withLock { state in
      guard !state.isClosed else { return false }
      state.channels[id] = channel
      return true
    }
    guard isAccepted else {
      channel.close(promise: nil)
      return
    }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.channels.removeValue(forKey: id) }
    }
  }

  /// Closes every open connection, returns when all are closed, and says how many there were.
  @discardableResult
  func cutAll() async -> Int {
    let channels = state.withLock { Array($0.channels.values) }
    for channel in channels { channel.close(promise: nil) }
    for channel in channels { await channel.closed() }
    return channels.count
  }

  /// Closes every open connection and every later one; returns when all are closed.
  func close() async {
    state.withLock { $0.isClosed = true }
    await cutAll()
  }
}

extension Channel {
  /// Returns when the channel is closed, however it ended.
  func closed() async {
    await withCheckedContinuation { continuation in
      closeFuture.whenComplete { _ in continuation.resume() }
    }
  }
}
