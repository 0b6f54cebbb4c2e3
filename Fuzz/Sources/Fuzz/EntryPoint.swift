import Glibc

// What libFuzzer calls; its `main` is linked in by `-sanitize=fuzzer`. One program holds all targets, because linking takes longer
// than fuzzing: FUZZ_TARGET in the environment names the one to run.

/// Called once before the first input: chooses the target, or writes the seeds of all targets and ends.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
  _ count: UnsafeMutablePointer<Int32>?,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
  if let folder = Environment["FUZZ_SEEDS"] {
    do {
      try SeedWriter(folder: folder, samples: Samples(repository: Environment["FUZZ_REPOSITORY"] ?? "..")).writeAll()
    } catch {
      complain("the seeds cannot be written: \(error)")
      exit(1)
    }
    exit(0)
  }
  guard Catalog.chosen != nil else {
    complain("FUZZ_TARGET must be one of \(Catalog.targets.map { $0.name }.joined(separator: ", "))")
    exit(64)
  }
  MemoryLimit.set()
  return 0
}

/// Called with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  Catalog.chosen?.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
