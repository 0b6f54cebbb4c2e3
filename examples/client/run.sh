#!/usr/bin/env bash
# Runs the example programs of the client library against servers in memory, and checks what each of them prints.
# Builds what is missing: a debug build, which is the one that Tests/run.sh makes too.
#
#   examples/client/run.sh                 the examples; of the manifest in README.md only that it finds what it names
#   examples/client/run.sh --own-package   builds that manifest's package too, from nothing, which takes minutes, and runs it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

builds_own_package=false
case "$*" in
  '') ;;
  --own-package) builds_own_package=true ;;
  *)
    echo "usage: examples/client/run.sh [--own-package]" >&2
    exit 64
    ;;
esac

swift build
bin=$(swift build --show-bin-path)
work=$(mktemp -d)
pids=()

clean_up() {
  local status=$?
  trap '' INT TERM HUP
  if [ ${#pids[@]} -gt 0 ]; then
    kill "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
  fi
  rm -rf "$work"
  [ "$status" -eq 0 ] || echo "The examples did not get to their end (status $status)." >&2
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  echo "error: $*" >&2
  exit 1
}

# serve [OPTIONS]: starts a server on free ports; $work/serve.json says where it is.
serve() {
  : >"$work/serve.json"
  "$bin/eventvault" serve --tcp-port 0 --http-port 0 --json "$@" >"$work/serve.json" 2>"$work/serve.log" &
  pids+=($!)
  for ((tries = 0; tries < 600; tries++)); do
    if [ -s "$work/serve.json" ]; then break; fi
    kill -0 "${pids[-1]}" 2>/dev/null || fail "the server did not start: $(cat "$work/serve.log")"
    sleep 0.1
  done
}

# prints NAME [ARGUMENTS] <<< LINES: runs an example, which has to print these lines and end.
prints() {
  local name=$1
  cat >"$work/wanted"
  "$bin/$name" "${@:2}" >"$work/printed" 2>"$work/log" || fail "$name ended with status $?: $(cat "$work/log")"
  diff -u "$work/wanted" "$work/printed" >&2 || fail "$name printed something else"
  echo "$name does what it says"
}

# begin NAME [ARGUMENTS]: starts an example that goes on for ever; what it prints is in $work/NAME.
begin() {
  : >"$work/$1"
  stdbuf -oL "$bin/$1" "${@:2}" >"$work/$1" 2>"$work/$1.log" &
  pids+=($!)
}

# until_printed NAME COUNT: waits until an example that was begun has printed so many lines.
until_printed() {
  for ((tries = 0; tries < 600; tries++)); do
    if [ "$(wc -l <"$work/$1")" -ge "$2" ]; then return; fi
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  fail "$1 printed no $2 lines: $(cat "$work/$1" "$work/$1.log")"
}

# end: kills the example that was begun last, as a crash would.
end() {
  kill -9 "${pids[-1]}"
  wait "${pids[-1]}" 2>/dev/null || true
  unset 'pids[-1]'
}

# A package of its own beside this repository, with the manifest that README.md shows, word for word.
own=$work/own/PublishAndRead
mkdir -p "$own/Sources/PublishAndRead"
ln -s "$PWD" "$work/own/eventvault"
awk '/^```swift$/ { inside = 1; next } /^```$/ { inside = 0 } inside' examples/client/README.md >"$own/Package.swift"
cp Package.resolved "$own"
cp examples/client/PublishAndRead/main.swift "$own/Sources/PublishAndRead"
# It loads every package, and fails for a product that is not there.
swift package --package-path "$own" show-dependencies --format flatlist >"$work/printed" 2>"$work/log" ||
  fail "the manifest in examples/client/README.md is no good: $(cat "$work/log")"
grep -qx eventvault "$work/printed" || fail "the manifest in examples/client/README.md does not depend on this package"
echo "the manifest in README.md finds what it names"

serve --nodes 3
# A seed that is not the leader.
cluster="discover://admin:changeit@127.0.0.1:$(jq -er '.nodes | map(select(.isLeader | not))[0].httpPort' "$work/serve.json")"

prints DiscoverCluster "$cluster" <<'LINES'
wrote event 0
read event 0: {"name":"leader"}
nobody there: no node was found by gossip in 2 attempts, after 3 attempts
LINES

serve
server=$(jq -er .connectionString "$work/serve.json")

publish_and_read() {
  prints PublishAndRead "$server" <<'LINES'
event 0: Derpy Hooves jumped 10.0
event 1: {"height":6,"pony":"Peculiar Hooves"}
event 2: {"height":9,"pony":"Peculiar Hooves"}
more from 3 on
refused: stream ponies is not at the expected version 0, its last event is 3
LINES
}

publish_and_read
if $builds_own_package; then
  swift build --package-path "$own"
  serve
  (
    server=$(jq -er .connectionString "$work/serve.json")
    bin=$(swift build --package-path "$own" --show-bin-path)
    publish_and_read
  )
fi

prints IterateStream "$server" <<'LINES'
hottest: 39
hot: event 35
hot: event 36
hot: event 37
last: event 999
in $all: 1000
LINES

# How many events a batch gets depends on the clock; each of the lines but the last says that one was written.
"$bin/PublishSequence" "$server" >"$work/printed" 2>"$work/log" || fail "PublishSequence failed: $(cat "$work/log")"
[ "$(grep -c '^written up to event ' "$work/printed")" -ge 3 ] || fail "PublishSequence wrote fewer than three batches"
[ "$(tail -n 1 "$work/printed")" = "events 0 to 249" ] || fail "PublishSequence ended with $(tail -n 1 "$work/printed")"
echo "PublishSequence does what it says"

# The last two go on for ever.
prints PlaceOrder "$server" apples 3 pears 2 apples many figs 1 <<'LINES'
placed 4 orders, the last is event 3
LINES

begin SubscriptionWorker "$server"
until_printed SubscriptionWorker 4
cat >"$work/wanted" <<'LINES'
order 0: 3 x apples
order 1: 2 x pears
parked: event 2 of stream orders, of type OrderPlaced, cannot be read as OrderPlaced
order 3: 1 x figs
LINES
diff -u "$work/wanted" "$work/SubscriptionWorker" >&2 || fail "SubscriptionWorker printed something else"
end
echo "SubscriptionWorker does what it says"

# until_counted NUMBER: waits until the projection has come so far.
until_counted() {
  for ((tries = 0; tries < 600; tries++)); do
    if [ "$(jq .next "$work/totals.json" 2>/dev/null)" = "$1" ]; then return; fi
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  fail "CatchUpProjection did not come to event $1: $(cat "$work/CatchUpProjection" "$work/CatchUpProjection.log")"
}

# place ITEM AMOUNT...: places orders.
place() { "$bin/PlaceOrder" "$server" "$@" >"$work/printed" 2>"$work/log" || fail "PlaceOrder failed: $(cat "$work/log")"; }

begin CatchUpProjection "$server" "$work/totals.json"
until_counted 4
place figs 5
until_counted 5
end
cat >"$work/wanted" <<'LINES'
going on with event 0
not counted: event 2 of stream orders, of type OrderPlaced, cannot be read as OrderPlaced
LINES
# In brackets stand Foundation's own words.
diff -u "$work/wanted" <(sed 's/ (.*//' "$work/CatchUpProjection") >&2 || fail "CatchUpProjection printed something else"
place pears 4 apples 10
begin CatchUpProjection "$server" "$work/totals.json"
until_counted 7
[ "$(cat "$work/CatchUpProjection")" = "going on with event 5" ] || fail "it printed: $(cat "$work/CatchUpProjection")"
[ "$(jq -cS .amounts "$work/totals.json")" = '{"apples":13,"figs":6,"pears":6}' ] ||
  fail "the totals are $(cat "$work/totals.json")"
end
echo "CatchUpProjection does what it says"
