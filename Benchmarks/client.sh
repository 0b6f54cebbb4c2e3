#!/usr/bin/env bash
# Builds the benchmark for release, and measures the client library beside photon-pump, a client that others wrote (it needs
# python3 and the Python package index; without them ours is measured alone). docs/BENCHMARKS.md says what the numbers mean.
#
#   Benchmarks/client.sh                   a million events, three rounds: some minutes
#   Benchmarks/client.sh --events 50000 --rounds 1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=(swift build -c release --scratch-path .build-release)
"${build[@]}" --product Benchmark >&2
binaries=$("${build[@]}" --show-bin-path)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=()
# Its generated messages are older than protobuf 4.
if python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check \
  'photon-pump==0.9.5.2' 'protobuf==3.20.3' >&2; then
  python=(--python "$work/venv/bin/python")
else
  echo "photon-pump cannot be installed: ours is measured alone" >&2
fi
"$binaries/Benchmark" client --directory "$work/benchmark" "${python[@]}" "$@"
