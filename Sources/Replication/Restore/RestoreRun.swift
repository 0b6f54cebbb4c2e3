package import EventArchive
package import EventStoreCore
package import Logging

/// Copies the events of an archive into a target, with expected versions always and without changing event numbers.
package struct RestoreRun: Sendable {
  let archive: ArchiveReader
  let target: any EventReader & EventWriter
  let configuration: RestoreConfiguration
  let rejects: any RejectedEventSink
  let stop: StopSignal
  let clock: any Clock<Duration>
  let logger: Logger
  let progress: @Sendable (RestoreProgress) -> Void

  /// - Parameters:
  ///   - rejects: Takes the events that the target does not.
  ///   - stop: Ends the run early and cleanly: what is under way is waited for.
  ///   - progress: Told after every frame; called from any thread, must be quick.
  package init(
    archive: ArchiveReader, target: any EventReader & EventWriter,
    configuration: RestoreConfiguration = RestoreConfiguration(), rejects: any RejectedEventSink,
    stop: StopSignal = StopSignal(), clock: any Clock<Duration> = ContinuousClock(),
    logger: Logger = Logger(label: "eventvault.restore"),
    progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
  ) {
    self.archive = archive
    self.target = target
    self.configuration = configuration
    self.rejects = rejects
    self.stop = stop
    self.clock = clock
    self.logger = logger
    self.progress = progress
  }

  package func run() async throws -> RestoreReport {
    throw ReplicationError(.invalidArgument, "restore is not there yet")
  }
}
