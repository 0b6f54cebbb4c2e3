import EventArchive
import EventStoreCore
import TestSupport
import Testing

/// Manifests are read as the specification says, key by key.
@Suite struct ManifestFormTests {
  /// What a reader shows of a manifest.
  private struct Reading: Equatable {
    var description: ArchiveDescription
    var segments: [SegmentRecord]
    var gaps: [ArchiveGap.Extent]
    var checkpoint: ArchiveReader.Checkpoint?
    var progress: [StreamProgress]

    init(_ manifest: ForgedManifest) throws(ArchiveError) {
      let reader = try manifest.read()
      description = reader.description
      segments = reader.segments
      gaps = reader.gaps.map(\.extent)
      checkpoint = reader.checkpoint
      progress = reader.progress
    }
  }

  private static let manifests = [ForgedManifest.all, ForgedManifest.streams]

  private static func code(_ manifest: ForgedManifest) -> ArchiveError.Code? {
    do throws(ArchiveError) {
      _ = try manifest.read()
      return nil
    } catch {
      return error.code
    }
  }

  @Test("A manifest of $all that was made by hand says what it says")
  func all() throws {
    let reading = try Reading(.all)
    #expect(reading.description.scope == .all(includeSystem: true))
    #expect(reading.description.tool == "by hand")
    #expect(reading.description.serverVersion == "4.1.4")
    #expect(reading.segments.map(\.file) == ["segments/00000001.r1.ndjson.zst", "segments/00000002.ndjson.zst"])
    #expect(
      reading.segments.map(\.last.position) == [
        Position(commit: 150, prepare: 150), Position(commit: 250, prepare: 250),
      ])
    #expect(
      reading.segments.allSatisfy {
        $0.events == 4 && $0.streams == 2 && $0.compressedBytes == 691 && $0.rawBytes == 890
      })
    #expect(reading.checkpoint?.position == Position(commit: 300, prepare: 300))
    #expect(
      reading.gaps == [
        .positions(after: Position(commit: 100, prepare: 100), before: Position(commit: 200, prepare: 200)),
        .numbers(StreamName(utf8: [0xFF]), 3...5),
      ])
  }

  @Test("A manifest of streams that was made by hand says what it says")
  func streams() throws {
    let reading = try Reading(.streams)
    #expect(reading.description.scope == .streams(["a", StreamName(utf8: [0xFF])]))
    #expect(reading.progress.map(\.stream) == ["a", StreamName(utf8: [0xFF])])
    #expect(reading.progress.map(\.number) == [7, 0])
    #expect(reading.gaps == [.stream("a")])
  }

  @Test("Keys come in any order, and unknown ones are passed over")
  func freedoms() throws {
    for manifest in Self.manifests {
      let expected = try Reading(manifest)
      var reversed = manifest
      reversed.lines = manifest.lines.map { $0.reversed() }
      #expect(try Reading(reversed) == expected)
      for line in manifest.lines.indices {
        for place in 0...manifest.lines[line].count {
          var extended = manifest
          extended.lines[line].insert(("later", #"{"kind":"x","digest":[null,1e5,"\u00e9"]}"#), at: place)
          #expect(try Reading(extended) == expected, "line \(line + 1), place \(place)")
        }
      }
    }
  }

  @Test("A key that must be there must be there")
  func missingKeys() {
    let optional: Set = ["serverVersion", "anchors", "firstNumber"]
    for manifest in Self.manifests {
      for line in manifest.lines.indices {
        for place in manifest.lines[line].indices {
          var reduced = manifest
          let key = reduced.lines[line].remove(at: place).key
          #expect(Self.code(reduced) == (optional.contains(key) ? nil : .damaged), "line \(line + 1) without \(key)")
        }
      }
    }
  }

  @Test("No key is there twice")
  func repeatedKeys() {
    for manifest in Self.manifests {
      for line in manifest.lines.indices {
        for member in manifest.lines[line] {
          var repeated = manifest
          repeated.lines[line].append(member)
          #expect(Self.code(repeated) == .damaged, "line \(line + 1) with two \(member.key)")
        }
      }
    }
  }

  @Test(
    "A value of another kind is damage",
    arguments: ["null", "[]", "{}", "true", "-1", "1.5", "1e9", "\"\"", "[1]", "99999999999999999999"])
  func wrongValues(_ value: String) {
    let text: Set = ["tool", "source", "protocol", "serverVersion", "reason"]
    let list: Set = ["anchors", "segments"]
    for manifest in Self.manifests {
      for line in manifest.lines.indices {
        for place in manifest.lines[line].indices where manifest.lines[line][place].key != "kind" {
          let key = manifest.lines[line][place].key
          var changed = manifest
          changed.lines[line][place].value = value
          // A name may be empty, and so may some texts and lists; the rest is what only a later version would write.
          let isFine =
            value == "\"\"" && (text.contains(key) || key == "stream" || key == "streamBase64")
            || value == "[]" && list.contains(key)
          let isNewer = key == "version" && value == "-1"
          #expect(Self.code(changed) == (isFine ? nil : isNewer ? .newerFormat : .damaged), "line \(line + 1), \(key)")
        }
      }
    }
  }

  @Test("Positions and event numbers are not negative, wherever they stand")
  func negativeNumbers() throws {
    for (manifest, fragment) in [
      (ForgedManifest.all, "commit\":"), (.all, "prepare\":"), (.streams, "number\":"), (.all, "lastNumber\":"),
    ] {
      let lines = manifest.lines.map { line in "{" + line.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") }
      for place in lines.indices where lines[place].contains(fragment) {
        var changed = lines
        changed[place] = changed[place].replacing(fragment, with: fragment + "-", maxReplacements: 1)
        let file = ForgedManifest.seal(changed)
        #expect(
          #expect(throws: ArchiveError.self) { try ForgedManifest.read(file) }?.code == .damaged, "line \(place + 1)")
      }
    }
  }

  @Test("Lines that do not follow from those before them are damage")
  func order() {
    var manifest = ForgedManifest.all
    manifest.lines.swapAt(1, 2)
    #expect(Self.code(manifest) == .damaged)
    manifest = .all
    manifest.lines.swapAt(0, 1)
    #expect(Self.code(manifest) == .damaged)
    manifest = .all
    manifest.lines.append(manifest.lines[0])
    #expect(Self.code(manifest) == .damaged)
    manifest = .all
    manifest.lines.append(manifest.lines[6])
    #expect(Self.code(manifest) == .damaged)
    manifest = .streams
    manifest.lines.append(ForgedManifest.all.lines[3])
    #expect(Self.code(manifest) == .damaged)
  }

  @Test("Another version, and lines of another kind, are of a later program")
  func newer() {
    for manifest in Self.manifests {
      for line in manifest.lines.indices {
        var changed = manifest
        changed.lines[line][0].value = "\"later\""
        #expect(Self.code(changed) == .newerFormat, "line \(line + 1)")
      }
      var changed = manifest
      changed.lines[0][1].value = "2"
      #expect(Self.code(changed) == .newerFormat)
    }
  }

  @Test("A digest that is not the line's last member, or not in lower case, seals nothing")
  func seals() throws {
    let file = ForgedManifest.all.bytes
    #expect(throws: Never.self) { try ForgedManifest.read(file) }
    let text = String(decoding: file, as: UTF8.self)
    let last = try #require(text.split(separator: "\n").last).suffix(67).dropLast(2)
    for seal in [last.uppercased(), last.dropLast() + "g", String(last.dropLast())] {
      let changed = text.replacing(last, with: seal)
      #expect(changed != text)
      #expect(#expect(throws: ArchiveError.self) { try ForgedManifest.read(Array(changed.utf8)) }?.code == .damaged)
    }
    let spaced = text.dropLast(2) + " }\n"
    #expect(#expect(throws: ArchiveError.self) { try ForgedManifest.read(Array(spaced.utf8)) }?.code == .damaged)
  }

  @Test("Whatever a sealed line says, nothing traps: it is read, or refused with a typed error")
  func mutations() {
    var read = 0
    var refused: [ArchiveError.Code: Int] = [:]
    let alphabet = Array(#"{}[]",:\u0dntrue-+.19=/ Az"#.utf8) + [0x00, 0x0A, 0xC3, 0xFF]
    forSeeds(2000, from: 1) { generator in
      let manifest = generator.pick(Self.manifests)
      var lines = manifest.lines.map { line in "{" + line.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") }
      for _ in 0...generator.below(2) {
        let line = generator.below(lines.count)
        let mutated = generator.mutated(Array(lines[line].utf8), alphabet: alphabet)
        lines[line] = String(decoding: mutated, as: UTF8.self)
      }
      let storage = PowerCutStorage()
      storage["manifest.ndjson"] = ForgedManifest.seal(lines)
      do throws(ArchiveError) {
        let reader = try ArchiveReader(storage: storage)
        read += 1
        _ = (reader.eventCount, reader.checkpoint, reader.progress, reader.notes)
        // The segments are not there: that is told, and nothing worse.
        let report = try ArchiveVerifier(storage: storage).verify()
        return reader.segments.allSatisfy { segment in
          report.faults.contains { $0.kind == .missingFile && $0.path == segment.file }
        }
      } catch {
        refused[error.code, default: 0] += 1
        return error.code == .damaged || error.code == .newerFormat
      }
    }
    #expect(read > 20)
    #expect(refused[.damaged, default: 0] > 700)
    #expect(refused[.newerFormat, default: 0] > 5)
  }
}
