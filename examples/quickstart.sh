#!/usr/bin/env bash
# See eventvault work: two servers in memory, a backup, another one that reads only what is new, a look inside with zstdcat and
# jq, a proof, and a restore that is compared, event by event.
#
# Installs what is missing from apt (with sudo unless you are root), then builds: a debug build, which is made sooner and is the
# one that Tests/run.sh makes too. Everything else happens in a temporary directory that is gone at the end, and so are the
# servers, however it ends.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ $# -eq 0 ] || {
  echo "usage: examples/quickstart.sh" >&2
  exit 64
}

work='' servers=()

clean_up() {
  local status=$?
  trap '' INT TERM HUP
  if [ ${#servers[@]} -gt 0 ]; then
    kill "${servers[@]}" 2>/dev/null || true
    wait "${servers[@]}" 2>/dev/null || true
  fi
  [ -z "$work" ] || rm -rf "$work"
  [ "$status" -eq 0 ] || echo "The quickstart did not get to its end (status $status)." >&2
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

bold='' dim='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi

# say TEXT: the headline of a step.
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# run COMMAND: shows a command line as one could type it, and runs it.
run() {
  printf '%s$ %s%s\n' "$dim" "$1" "$plain"
  eval "$1"
}

# number NAME PATH: a number from a report, which is what a command printed with --json.
number() { jq -er "$2" "$1.json"; }

# serve NAME [OPTIONS]: starts a server on free ports, and waits until it listens.
serve() {
  local name=$1 command="eventvault serve${2:+ $2} --tcp-port 0 --http-port 0 --json"
  printf '%s$ %s >%s.json &%s\n' "$dim" "$command" "$name" "$plain"
  $command >"$name.json" 2>"$name.log" &
  servers+=($!)
  for ((tries = 0; tries < 600; tries++)); do
    if [ -s "$name.json" ]; then return; fi
    kill -0 "${servers[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "the $name server did not start:" >&2
  cat "$name.log" >&2
  exit 1
}

say "Installing what is missing, and building. The first time this takes a few minutes."
run 'examples/install-dependencies.sh'
run 'swift build --product eventvault'
PATH=$(swift build --product eventvault --show-bin-path):$PATH
work=$(mktemp -d)
cd "$work"

say "Two servers in memory, the source filled with a made-up shop, the target empty."
serve source '--demo 5000'
serve target
source=$(jq -er .connectionString source.json)
target=$(jq -er .connectionString target.json)
echo "source=$source"
echo "target=$target"

say "1. Back all of it up."
run 'eventvault backup --source $source --archive shop --json | tee first.json | jq -c "{events, eventsLeftOut, payloadBytes}"'

say "2. Write some more, and run the same command again: it reads only what is new."
run 'eventvault demo --target $source --events 300 --json | tee demo.json | jq -c "{events, streams, lastStream}"'
run 'eventvault backup --source $source --archive shop --json | tee second.json | jq -c "{events, eventsLeftOut, payloadBytes}"'

say "3. Look inside, without eventvault: an archive is lines of JSON, compressed."
run 'ls -sh shop/segments'
run 'zstdcat shop/segments/00000002.ndjson.zst | jq -c "{stream, number, type, data}" | tail -n 3'

say "4. Prove that nothing in it is missing or changed."
run 'eventvault verify --archive shop --json | tee verified.json | jq -c "{sound, events, segments, faults}"'

say "5. Restore it into the other server."
run 'eventvault restore --archive shop --target $target --json | tee restored.json | jq -c "{outcome, streams, events} | del(.. | select(. == 0))"'

say "6. Run the restore again: everything is there already, and nothing is written twice."
run 'eventvault restore --archive shop --target $target --json | tee repeated.json | jq -c "{outcome, streams, events} | del(.. | select(. == 0))"'

say "7. Prove that the other server holds all of it, event by event: as the archive does, and as the first server does."
run 'eventvault compare --archive shop --target $target --full --json | tee compared.json | jq -c "{outcome, streams, events} | del(.. | select(. == 0))"'
run 'eventvault compare --source $source --target $target --full'

say "8. Read one stream back from both servers. Only the time of writing may differ."
stream=$(jq -er .lastStream demo.json)
echo "stream=$stream"
run 'eventvault cat --source $source --stream $stream | jq -c "del(.created)" >there.ndjson'
run 'eventvault cat --source $target --stream $stream | jq -c "del(.created)" >here.ndjson'
run 'cmp there.ndjson here.ndjson'
compared=$(wc -l <here.ndjson)
[ "$compared" -gt 0 ] || {
  echo "the stream $stream came back without events" >&2
  exit 1
}

say "What happened, by the reports above:"
printf '  %8s  %s\n' \
  "$(number first .events)" "events archived by the first backup" \
  "$(number second .events)" "by the second: $(number demo .events) had been written in between" \
  "$(number verified .events)" "in the archive, $(number verified '.faults | length') faults found" \
  "$(number restored .events.appended)" "written to the target, in $(number restored .streams.created) new streams" \
  "$(number restored '.events.leftOut + .events.tombstonesLeftOut + .events.supersededMetadata')" \
  "left out on purpose: of deleted streams, and metadata that newer metadata replaced" \
  "$(number repeated .events.appended)" "written by the repeat" \
  "$(number compared .events.same)" "of the archive compared with the target and the same, in $(number compared .streams.same) streams" \
  "$(number compared .events.hidden)" "in the archive and hidden on the target, as on the first server, by their streams' own metadata" \
  "$compared" "read back from one stream, the same on both servers"
echo "The servers are stopped, and the archive is gone with its directory. Your turn: .build/debug/eventvault --help"
