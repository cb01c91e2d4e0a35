#!/usr/bin/env bash
# Writes docs/format-samples/ anew: the data folder of the tiny site of tests/fixtures/tiny, and beside each file what
# `balise inspect --json` says of it. Needed only when the format changes.
set -euo pipefail
cd "$(dirname "$0")/.."

balise=${BALISE_BIN:-build/release/balise}
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT

"$balise" build --config tests/fixtures/tiny/config.json --out "$site/site" --as-of 2026-11-21
rm -rf docs/format-samples
mkdir -p docs/format-samples
(cd "$site/site/data" && find . -name '*.bin' -o -name manifest.json | sort) | while read -r file; do
  mkdir -p "docs/format-samples/$(dirname "$file")"
  cp "$site/site/data/$file" "docs/format-samples/$file"
  "$balise" inspect --json "docs/format-samples/$file" >"docs/format-samples/${file%.*}.decoded.json"
done
du -sh docs/format-samples
