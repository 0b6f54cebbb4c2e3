#!/usr/bin/env bash
# Drives `eventvault serve` with photon-pump, a Python client that others wrote. Needs python3 and the Python package index;
# where the index cannot be reached it says so, and passes.
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
if ! "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'photon-pump==0.9.5.2' 'protobuf==3.20.3'; then
  index=$("$work/venv/bin/pip" config get global.index-url 2>/dev/null || echo https://pypi.org/simple)
  reach='import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)'
  if python3 -c "$reach" "${index%/}/photon-pump/" 2>/dev/null; then exit 1; fi
  echo "SKIPPED: the Python package index at $index cannot be reached, so photon-pump was not tried"
  exit 0
fi

"$binary" serve --tcp-port 0 --http-port 0 --nodes 3 --demo 500 --json >"$work/serve.json" &
server=$!
for _ in $(seq 100); do
  [ ! -s "$work/serve.json" ] || break
  kill -0 "$server" 2>/dev/null || { echo "the server did not start" >&2; exit 1; }
  sleep 0.1
done
# The leader's TCP port; gossip is asked of a follower.
port() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["nodes"][int(sys.argv[2])][sys.argv[3]])' "$work/serve.json" "$@"; }
timeout 180 "$work/venv/bin/python" "$here/drive_photonpump.py" 127.0.0.1 "$(port 0 tcpPort)" "$(port 2 httpPort)"
