#!/usr/bin/env bash
# Drives `eventvault serve` with photon-pump, a Python client that others wrote. Not part of Tests/run.sh, because it needs
# python3 and the Python package index.
#
#   swift build && Tests/interop/photonpump.sh
#   EVENTVAULT_BINARY=path Tests/interop/photonpump.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=${EVENTVAULT_BINARY:-$here/../../.build/debug/eventvault}
[ -x "$binary" ] || { echo "no $binary: run swift build first, or set EVENTVAULT_BINARY" >&2; exit 1; }

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

python3 -m venv "$work/venv"
# Its generated messages are older than protobuf 4.
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'photon-pump==0.9.5.2' 'protobuf==3.20.3'

"$binary" serve --tcp-port 0 --http-port 0 --demo 500 --json >"$work/serve.json" &
server=$!
for _ in $(seq 100); do
  [ ! -s "$work/serve.json" ] || break
  kill -0 "$server" 2>/dev/null || { echo "the server did not start" >&2; exit 1; }
  sleep 0.1
done
port() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/serve.json" "$1"; }
timeout 120 "$work/venv/bin/python" "$here/drive_photonpump.py" 127.0.0.1 "$(port tcpPort)" "$(port httpPort)"
