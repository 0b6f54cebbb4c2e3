#!/bin/sh
# Makes the C code in Sources/CEventStoreProtos from the .proto files here.
#
#   generate.sh           writes the code
#   generate.sh --check   fails when the code there is not what would be written
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=$here/../Sources/CEventStoreProtos
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$here"
protoc-c --proto_path=. --proto_path=/usr/include --c_out="$work" ./*.proto

case "${1:-}" in
"")
  mkdir -p "$target/include"
  rm -f "$target"/*.pb-c.c "$target"/include/*.pb-c.h
  cp "$work"/*.pb-c.c "$target/"
  cp "$work"/*.pb-c.h "$target/include/"
  ;;
--check)
  mkdir "$work/code" "$work/code/include"
  mv "$work"/*.pb-c.c "$work/code/"
  mv "$work"/*.pb-c.h "$work/code/include/"
  if ! diff -r "$work/code" "$target"; then
    echo "error: Sources/CEventStoreProtos differs from Protos; hint: run Protos/generate.sh with protoc-c 1.4.1" >&2
    exit 1
  fi
  ;;
*)
  echo "usage: generate.sh [--check]" >&2
  exit 64
  ;;
esac
