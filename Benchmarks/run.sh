#!/usr/bin/env bash
# Builds eventvault and the benchmark for release, measures, and prints every ratio; docs/BENCHMARKS.md says what they mean.
#
#   Benchmarks/run.sh                 all of it: ten minutes to half an hour, 3 GB of disk, 4 GB of memory
#   Benchmarks/run.sh --quick         smaller sizes and one round, to try it out: a few minutes
#   Benchmarks/run.sh --only ad       some of the ratios
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=(swift build -c release --scratch-path .build-release)
for product in eventvault Benchmark; do "${build[@]}" --product "$product" >&2; done
binaries=$("${build[@]}" --show-bin-path)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$binaries/Benchmark" measure --tool "$binaries/eventvault" --directory "$work/benchmark" "$@"
