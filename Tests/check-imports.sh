#!/usr/bin/env bash
# Checks that the targets depend on each other as they say: every module that a Swift file imports is declared for its target in
# Package.swift, and what is declared is what the table of targets in docs/ARCHITECTURE.md says. The build's own import check
# does not see an import of a target that another dependency brings along.
#
#   Tests/check-imports.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What comes with Swift and the system, for every target.
system='Darwin Dispatch Foundation FoundationEssentials Glibc Musl Synchronization Testing'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
problems=0

problem() {
  echo "error: $*" >&2
  problems=$((problems + 1))
}

# A line "TARGET DEPENDENCY" for each, and "TARGET FOLDER" for each.
swift package dump-package >"$work/package.json"
jq -r '.targets[] | .name as $name | .dependencies[] | "\($name) \((.byName // .target // .product)[0])"' \
  "$work/package.json" | sort -u >"$work/declared"
jq -r '.targets[] | "\(.name) \(.path // (if .type == "test" then "Tests/" else "Sources/" end + .name))"' \
  "$work/package.json" >"$work/folders"

# Imports that are not declared.
import='^[[:space:]]*(@[A-Za-z_]+(\([^)]*\))?[[:space:]]+)*((public|package|internal|fileprivate|private)[[:space:]]+)?import[[:space:]]'
checked=0
while read -r target folder; do
  while IFS=: read -r file line text; do
    # Swift imports one module at a time; several in one line are Python, in a test's text.
    [[ $text == *,* ]] && continue
    module=$(sed -E "s/$import+((struct|class|enum|protocol|func|var|let|typealias)[[:space:]]+)?([A-Za-z0-9_]+).*/\7/" <<<"$text")
    checked=$((checked + 1))
    [[ " $system " == *" $module "* ]] && continue
    grep -qx "$target $module" "$work/declared" ||
      problem "$file:$line: $target imports $module, which Package.swift does not declare for it"
  done < <(grep -rnE --include='*.swift' "$import" "$folder" || true)
done <"$work/folders"
[ "$checked" -gt 0 ] || problem "no import was found at all"

# The table of targets: what each row says, against what is declared of our own targets.
cut -d' ' -f1 "$work/folders" | grep -vE 'Tests$|^(GoldenTraffic|TestSupport)$' | sort >"$work/ours"
awk -F'|' '/^## /{inside = $0 == "## Targets"} inside && /^\| `/{print $2 "|" $4}' docs/ARCHITECTURE.md |
  while IFS='|' read -r names imports; do
    for name in $(grep -oE '`[A-Za-z]+`' <<<"$names" | tr -d '`'); do
      echo "$name" >>"$work/rows"
      for module in $(grep -oE '`[A-Za-z]+`' <<<"$imports" | tr -d '`'); do echo "$name $module"; done
    done
  done | sort -u >"$work/table"
while read -r name; do
  grep -qx "$name" "$work/rows" || problem "docs/ARCHITECTURE.md has no row for the target $name"
done <"$work/ours"
awk 'NR == FNR {ours[$1] = 1; next} ($1 in ours) && ($2 in ours)' "$work/ours" "$work/declared" >"$work/arrows"
while read -r name module; do
  problem "$name depends on $module in Package.swift, but not in the table of docs/ARCHITECTURE.md"
done < <(comm -23 "$work/arrows" "$work/table")
while read -r name module; do
  problem "$name depends on $module in the table of docs/ARCHITECTURE.md, but not in Package.swift"
done < <(comm -13 "$work/arrows" "$work/table")

[ "$problems" -eq 0 ] || exit 1
echo "$checked imports, all of them declared"
