#!/usr/bin/env bash
# Installs what building eventvault needs beside Swift, where it is missing: libprotobuf-c, libzstd, and zstd and jq to look
# at archives. With --tests also what the tests need. Changes nothing when all of it is there; needs apt-get otherwise.
set -euo pipefail

missing=()

# need PACKAGE CHECK...: notes the package when the check fails.
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

need git command -v git
need pkg-config command -v pkg-config
need libprotobuf-c-dev pkg-config --exists libprotobuf-c
need libzstd-dev pkg-config --exists libzstd
need zlib1g-dev pkg-config --exists zlib
need zstd command -v zstd
need jq command -v jq
if [ "${1:-}" = --tests ]; then
  need python3 command -v python3
  need python3-venv python3 -c 'import ensurepip, venv'
  need protobuf-c-compiler command -v protoc-c
  need libprotobuf-dev pkg-config --exists protobuf
fi

command -v swift >/dev/null || {
  echo "swift is missing; hint: install Swift 6.3 or later from https://www.swift.org/install/linux/" >&2
  exit 1
}
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || {
  echo "missing: ${missing[*]}; hint: there is no apt-get here, install what gives the same by hand" >&2
  exit 1
}
root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "missing: ${missing[*]}; hint: run as root: apt-get install ${missing[*]}" >&2
    exit 1
  }
  root=(sudo)
fi
echo "installing ${missing[*]}"
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq)
"${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || {
  echo "apt-get did not install ${missing[*]}; hint: the reason is above; as root: apt-get install ${missing[*]}" >&2
  exit 1
}
