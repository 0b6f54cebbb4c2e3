package import EventStoreCore

/// The place that an archive's files are kept: a directory, or in tests something that fails when told to.
///
/// Paths are relative to the archive, `segments/00000001.ndjson.zst`; the empty path is the archive itself. Each call is
/// carried out wholly or throws: `diskFull`, `accessDenied`, `ioFailed`, and what a call names. Nothing is durable before
/// the file, and the directory that names it, have been synced.
package protocol ArchiveStorage: Sendable {
  /// The archive as people know it, for messages.
  var location: String { get }

  /// Makes the archive's own directory durable and private (0700), if it is not there; its parent must be.
  func prepare() throws(ArchiveError)

  /// Makes a private directory, if it is not there; not yet durable.
  func makeDirectory(_ path: String) throws(ArchiveError)

  /// The names in a directory, sorted; nil when there is no such directory.
  func list(_ path: String) throws(ArchiveError) -> [String]?

  /// Makes an empty private file (0600) that must not be there yet.
  func create(_ path: String) throws(ArchiveError) -> any AppendableFile

  /// Opens a file to add to its end.
  func openForAppending(_ path: String) throws(ArchiveError) -> any AppendableFile

  /// Opens a file to read; nil when there is none.
  func openForReading(_ path: String) throws(ArchiveError) -> (any ReadableFile)?

  /// Gives a file another name, replacing what has it; not yet durable.
  func rename(_ path: String, to newPath: String) throws(ArchiveError)

  /// Removes a file; not yet durable.
  func remove(_ path: String) throws(ArchiveError)

  /// Makes durable which files a directory names.
  func syncDirectory(_ path: String) throws(ArchiveError)

  /// Takes the exclusive lock that this file stands for, and writes `owner` into it for people.
  ///
  /// The file is made if it is not there, and never removed. The lock ends with `release()`, or with the process.
  /// - Throws: `locked`, with the owner's words, when somebody else has it.
  func lock(_ path: String, owner: String) throws(ArchiveError) -> any ArchiveLock
}

/// A file that grows at its end.
package protocol AppendableFile: AnyObject, Sendable {
  /// How many bytes it has.
  func size() throws(ArchiveError) -> Int
  /// Adds all the bytes; not yet durable. After an error some of them can be there.
  func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError)
  /// Makes the content durable. After an error nothing of the file can be relied on: never try again.
  func sync() throws(ArchiveError)
  /// Cuts the file; not yet durable.
  func truncate(to size: Int) throws(ArchiveError)
  /// Frees the file; what was not synced may be lost.
  func close()
}

/// A file that is read.
package protocol ReadableFile: AnyObject, Sendable {
  /// How many bytes it has now.
  func size() throws(ArchiveError) -> Int
  /// When it was last written to.
  func modified() throws(ArchiveError) -> Timestamp
  /// Fills `buffer` from `offset` on, and says with how many bytes: fewer than asked for only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ArchiveError) -> Int
  /// Frees the file.
  func close()
}

/// An exclusive lock that is held.
package protocol ArchiveLock: AnyObject, Sendable {
  /// Gives the lock back.
  func release()
}
