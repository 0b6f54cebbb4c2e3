#!/usr/bin/env bash
# The one test command: everything that CI runs, the first failure ends it. The last line is `N passed, N failed`, where
# every test counts as one and so does every other step.
#
#   Tests/run.sh           all of it
#   Tests/run.sh --quick   the inner loop: without the foreign client, the kill loop, fuzzing, the thread sanitizer and the quickstart
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

quick=false
case "${1:-}" in
  '') ;;
  --quick) quick=true ;;
  *)
    echo "usage: Tests/run.sh [--quick]" >&2
    exit 64
    ;;
esac

passed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The number of tests that passed, or failed, by the words of the test runner in the log.
tests_passed() { grep '^✔ Test .* passed after ' "$log" | grep -vc '^✔ Test run with ' || true; }
tests_failed() { grep '^✘ Test .* failed after ' "$log" | grep -vc '^✘ Test run with ' || true; }

# step NAME SECONDS COMMAND...: runs a command with a time limit, and ends everything when it fails.
step() {
  local name=$1 limit=$2 begun=$SECONDS status=0
  shift 2
  echo "==> $name"
  timeout --kill-after=20 "$limit" "$@" 2>&1 | tee "$log" || status=$?
  local took=$((SECONDS - begun)) good bad
  good=$(tests_passed) bad=$(tests_failed)
  if [ "$status" -ne 0 ]; then
    [ "$status" -eq 124 ] && echo "    stopped after the limit of $limit s"
    echo "    FAILED with status $status after $took s: $name"
    echo "$((passed + good)) passed, $((bad > 0 ? bad : 1)) failed"
    exit 1
  fi
  passed=$((passed + (good > 0 ? good : 1)))
  echo "    done in $took s: $name"
}

# As `step`, for the runs of the test runner: a run in which no test ran is a failure.
test_step() {
  step "$@"
  if [ "$(tests_passed)" -eq 0 ]; then
    echo "    FAILED: no test ran: $1"
    echo "$passed passed, 1 failed"
    exit 1
  fi
}

concurrent='^(EventStoreTCPTests|EventStoreClientTests|EventStoreServerTests|ReplicationTests|EventArchiveTests)\.'
# What reads and writes bytes on one thread, thousands of times, would only take long there.
sequential='\.(RoundTripTests|DecoderTests|EveryBitTests|DamageTests|ManifestTests|ManifestFormTests|FrameScannerTests|ForeignReaderTests)/'

step "install what is missing" 900 examples/install-dependencies.sh --tests
step "format: swift format lint --strict" 300 swift format lint --strict --parallel --recursive \
  Package.swift Sources Tests Benchmarks examples Fuzz/Package.swift Fuzz/Sources
step "generated code is up to date: Protos/generate.sh --check" 120 Protos/generate.sh --check
step "imports: Tests/check-imports.sh" 120 Tests/check-imports.sh
step "build, with the import check" 1500 \
  swift build --build-tests --explicit-target-dependency-import-check error
# --no-parallel: on a small machine tests that keep all cores busy would starve those that talk over sockets with time
# limits, and each already has concurrency of its own.
test_step "tests, the built binary's among them" 1500 swift test --skip-build --no-parallel
step "the client's examples: examples/client/run.sh" 900 examples/client/run.sh
if ! $quick; then
  step "a client that others wrote: Tests/interop/photonpump.sh" 600 Tests/interop/photonpump.sh
  step "kill -9 in backups and restores: Tests/faults/kill-loop" 600 Tests/faults/kill-loop --rounds 15
  step "fuzz targets, 5 seconds each: Fuzz/run" 1800 Fuzz/run 5
  step "build with the thread sanitizer" 1500 \
    swift build --build-tests --sanitize thread --scratch-path .build-tsan
  test_step "tests of the concurrent targets with the thread sanitizer" 1800 \
    swift test --skip-build --no-parallel --sanitize thread --scratch-path .build-tsan --filter "$concurrent" \
    --skip "$sequential"
  step "the quickstart: examples/quickstart.sh" 900 examples/quickstart.sh
fi
echo "$passed passed, 0 failed"
