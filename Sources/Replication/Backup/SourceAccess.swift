package import EventArchive
package import EventStoreCore

/// Finds out, before an archive is begun, whether a source can be read at all.
package enum SourceAccess {
  /// Makes sure that the source shows what an archive of this scope holds; named streams are asked for one by one in the run.
  ///
  /// - Throws: `EventStoreError` for what cannot change by waiting, `accessDenied` above all; the run waits for the rest.
  package static func check(_ source: any EventReader, for scope: ArchiveScope) async throws {
    guard case .all = scope else { return }
    do {
      _ = try await source.lastPosition()
    } catch let error as EventStoreError where error.isTransient || error.isAboutWhatIsRead {
      return
    } catch var error as EventStoreError where error.code == .accessDenied {
      error.hint = "reading $all needs an administrator, or a role that $settings names; or name the streams to back up"
      throw error
    }
  }
}
