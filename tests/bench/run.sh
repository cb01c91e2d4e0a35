#!/usr/bin/env bash
# Measures Balise against what could be used instead: see usage().
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$repository"
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

usage() {
  cat <<'USAGE'
Usage: tests/bench/run.sh [--scale S] [--searches N] [--cold N] [--slow N]
                          [--slow-peers N] [--larger S] [--peers LIST] [--seed N] [--jobs N]

Installs what is missing, makes a national set, builds it with Balise and with every peer, asks all of them the same
searches in a real browser, and writes docs/BENCHMARKS.md and build/bench/results.json.

  --scale S     1 is 810,000 records [1]; 37 is 30 million, and wants --peers "", much disk and a night
  --searches N  how many searches [200]
  --cold N      how many of them with an empty cache [60]
  --slow N      how many of them so on throttled networks [24]
  --slow-peers N  how many of those the peers are asked: each takes minutes [2]
  --larger S    build a set of this scale too, to see how time and memory grow [0: no]
  --peers LIST  of json,kdbush,sqlite,flatgeobuf,duckdb,postgis; empty for none [all]
  --seed N      of the set [1]
  --jobs N      threads of balise build [all cores]
  --docs FILE   where the report goes [docs/BENCHMARKS.md]
  --no-build    takes the programs and npm packages as they are

A look whether all of it works: tests/bench/run.sh --scale 0.05 --searches 20 --cold 8 --slow 1 --docs build/bench/report.md
Exit code 1: a search gave another answer than the oracle.
USAGE
}

build=1
arguments=()
while (($# > 0)); do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --no-build) build=0 ;;
    --scale | --searches | --cold | --slow | --slow-peers | --larger | --peers | --seed | --jobs | --docs)
      if (($# < 2)); then
        echo "run.sh: $1 needs a value" >&2
        exit 2
      fi
      arguments+=("$1=$2")
      shift
      ;;
    *)
      echo "run.sh: unknown option \"$1\"; see tests/bench/run.sh --help" >&2
      exit 2
      ;;
  esac
  shift
done

if ((build)); then
  mapfile -t missing < <(
    missing_packages "${build_packages[@]}" "${bench_packages[@]}"
    missing_programs node=nodejs npm
  )
  if ((${#missing[@]} > 0)); then
    echo "installing ${missing[*]}"
    install_packages "${missing[@]}"
  fi
  npm ci --prefix tests/bench --ignore-scripts --no-audit --no-fund
  cmake --preset wasm -Wno-dev
  cmake --build --preset wasm
  cmake --preset bench
  cmake --build --preset bench
fi

exec node tests/bench/harness/run.mjs "${arguments[@]}"
