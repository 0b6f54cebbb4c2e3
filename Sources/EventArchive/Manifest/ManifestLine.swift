/// A line of a manifest: an entry, chained to the line before it, and sealed by its own digest.
///
/// `prev` is the SHA-256 of the whole line before it with its LF (`sed -n 3p manifest.ndjson | sha256sum`), 64 zeros in the
/// first line. `digest` is the last member: the SHA-256 of everything in the line before `,"digest"`. So no line can be
/// changed unseen, the last one neither.
struct ManifestLine: Hashable, Sendable {
  /// What the line says.
  var entry: ManifestEntry
  /// The SHA-256 of the line before.
  var previous: SHA256Digest

  private static let digestKey = Array(",\"digest\":\"".utf8)
  private static let end = Array("\"}".utf8)
  private static let digestDigits = 64

  /// The line with its LF.
  var encoded: [UInt8] {
    let members = entry.members + [.init("prev", .string(previous.description))]
    var bytes = JSONValue.object(members).encoded
    bytes.removeLast()
    let digest = SHA256Digest(of: bytes)
    bytes += Self.digestKey
    bytes += digest.description.utf8
    bytes += Self.end
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  init(_ entry: ManifestEntry, after previous: SHA256Digest) {
    self.entry = entry
    self.previous = previous
  }

  /// The line that these bytes, without an LF, are.
  init(decoding bytes: some RandomAccessCollection<UInt8>) throws(ManifestFailure) {
    let isIntact = Self.isIntact(bytes)
    let value: JSONValue
    do {
      value = try JSONParser.parse(bytes)
    } catch {
      throw ManifestFailure("it is not JSON: \(error.message)")
    }
    let object = try JSONObject(value, as: "the line")
    // A later version of the format may seal its lines otherwise.
    guard isIntact || !object.has("digest") else { throw ManifestFailure("its digest is not that of its content") }
    entry = try ManifestEntry(object)
    guard isIntact else { throw ManifestFailure("it has no digest") }
    previous = try object.digest("prev")
  }

  /// Whether the line ends with the digest of what stands before it.
  static func isIntact(_ bytes: some RandomAccessCollection<UInt8>) -> Bool {
    let suffix = Array(bytes.suffix(digestKey.count + digestDigits + end.count))
    guard suffix.starts(with: digestKey), suffix.suffix(end.count).elementsEqual(end) else { return false }
    let digits = suffix.dropFirst(digestKey.count).dropLast(end.count)
    // Compared as text: upper-case digits would be another line.
    return String(decoding: digits, as: UTF8.self) == SHA256Digest(of: Array(bytes.dropLast(suffix.count))).description
  }
}
