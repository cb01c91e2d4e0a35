#!/usr/bin/env bash
# Everything that is tested: see usage(). The last line of the output is "N passed, N failed, N skipped", a count of
# single checks and tests over all sections.
set -uo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
cd "$repository" || exit 1
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

default_sections=(format lint native deploy core module cli browser)

usage() {
  cat <<'USAGE'
Usage: tests/run.sh [SECTION...]

Installs what the tests need and runs all sections, or those that are named:

  format    every file is as its formatter leaves it
  lint      shellcheck, types of the JavaScript, openapi.json, purity of core/
  native    Catch2 tests, with the address and undefined behaviour sanitizers
  deploy    ./deploy.sh into build/test-site, from the embedded sample
  core      what the built core needs from outside, natively and in WebAssembly
  module    the WebAssembly module in Node, the embedded sample
  cli       the program from outside: failures, determinism, personal data, serve
  browser   the built site in Chromium, Firefox and WebKitGTK, served by balise and by nginx
  tidy      clang-tidy; long, and only when it is named

core, module, cli and browser use what deploy builds, and run it first if need be.
Environment: BALISE_BIN, BALISE_SITE (program and site to test instead), CHROMIUM, FIREFOX; for more of what cli does to
publishing: BALISE_KILLS=all (kills at every system call, breaks off after every object), BALISE_RANDOM_KILLS=1000,
BALISE_SWITCHES=1000.
USAGE
}

sections=()
for argument in "$@"; do
  case "$argument" in
    --help | -h)
      usage
      exit 0
      ;;
    format | lint | native | deploy | core | module | cli | browser | tidy) sections+=("$argument") ;;
    *)
      echo "run.sh: unknown section \"$argument\"; see tests/run.sh --help" >&2
      exit 2
      ;;
  esac
done
((${#sections[@]} > 0)) || sections=("${default_sections[@]}")

logs=build/test-logs
mkdir -p "$logs"
# Colours would only be noise in the logs, and in what is read from them.
export NO_COLOR=1
unset FORCE_COLOR
export BALISE_BIN="${BALISE_BIN:-$repository/build/release/balise}"
export BALISE_SITE="${BALISE_SITE:-$repository/build/test-site}"
jobs=$(nproc)

passed=0
failed=0
skipped=0
failures=()

count() { # PASSED FAILED SKIPPED NAME
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
  printf '  %s: %d passed, %d failed, %d skipped\n' "$4" "$1" "$2" "$3"
  if (($2 > 0)); then failures+=("$4"); fi
}

# One command is one check.
check() { # NAME COMMAND...
  local name=$1 log start=$SECONDS
  log="$logs/$(tr --complement --squeeze-repeats '[:alnum:]\n' - <<<"$name").log"
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    printf '  ok      %s (%d s)\n' "$name" "$((SECONDS - start))"
    return 0
  fi
  failed=$((failed + 1))
  failures+=("$name")
  printf '  FAILED  %s (%d s), %s:\n' "$name" "$((SECONDS - start))" "$log"
  tail -n 60 "$log" | sed 's/^/    /'
  return 1
}

# A command that must work before anything can be counted: it counts only when it fails.
prepare() { # NAME COMMAND...
  check "$@" || return 1
  passed=$((passed - 1))
}

# Files that measure time, to compare it with a limit near to it or to print it: nothing runs beside them.
timed_files=(tests/browser/engines.test.mjs tests/cli/serve.test.mjs)
# Those that take longest begin first, so that no processor waits for them at the end.
long_files=(tests/browser/{states,hostile,firefox_light,firefox_dark,page,offline}.test.mjs tests/cli/{upload,publish,fetch,determinism}.test.mjs)

# Each test of node's runner counts. A process that breaks down without a failed test counts as one.
node_tests() { # NAME FILES-AT-ONCE FILE...
  local name=$1 at_once=$2 log="$logs/$1.log" file i passes=0 fails=0 skips=0 beside=() alone=()
  shift 2
  if [[ ! -f "${1-}" ]]; then
    echo "  there are no tests for $name"
    count 0 1 0 "$name"
    return
  fi
  for file in "$@"; do
    if [[ " ${timed_files[*]} " == *" $file "* ]]; then
      alone+=("$file")
    elif [[ " ${long_files[*]} " != *" $file "* ]]; then
      beside+=("$file")
    fi
  done
  for ((i = ${#long_files[@]} - 1; i >= 0; --i)); do
    file=${long_files[i]}
    if [[ " $* " == *" $file "* ]]; then beside=("$file" "${beside[@]}"); fi
  done
  : >"$log"
  run_node_tests "$at_once" "${beside[@]}"
  run_node_tests 1 "${alone[@]}"
  grep --only-matching --no-filename --extended-regexp 'skipped: .*|﹣ .*# SKIP.*|﹣ .* # .*' "$log" | sort --unique |
    sed 's/^/    /'
  count "$passes" "$fails" "$skips" "$name"
}

# Adds to `log`, `passes`, `fails` and `skips` of node_tests. Each file has a runner of its own: one for all of them would
# begin them in the order of their names, and only newer ones can be told how many at once.
run_node_tests() { # FILES-AT-ONCE FILE...
  local at_once=$1 parts file part code pass fail cancelled todo skip
  shift
  (($# > 0)) || return 0
  parts=$(mktemp --directory) || return 1
  # shellcheck disable=SC2016 # expanded by the shells that are started
  printf '%s\0' "$@" | xargs --null --max-args=1 --max-procs="$at_once" bash -c '
    part=$0/${1##*/}
    node --test --test-reporter=spec --test-reporter-destination=stdout "$1" >"$part" 2>&1 </dev/null
    echo $? >"$part.code"' "$parts"
  for file in "$@"; do
    part=$parts/${file##*/} code=$(cat "$parts/${file##*/}.code" || echo 1)
    number() { sed --quiet --regexp-extended "s/^[^a-z]* ?$1 ([0-9]+)\$/\1/p" "$part" | tail -n 1; }
    pass=$(number pass) fail=$(number fail) cancelled=$(number cancelled) skip=$(number skipped) todo=$(number todo)
    fail=$((${fail:-0} + ${cancelled:-0}))
    if ((code != 0 && fail == 0 || ${pass:-0} + fail + ${skip:-0} == 0)); then fail=$((fail + 1)); fi
    if ((fail > 0)); then
      echo "    $file:"
      # The runner lists failed tests once more at the end.
      if grep --quiet 'failing tests:' "$part"; then sed --quiet '/failing tests:/,$p' "$part"; else tail -n 60 "$part"; fi |
        head -n 150 | sed 's/^/    /'
    fi
    { echo "== $file" && cat "$part"; } >>"$log"
    passes=$((passes + ${pass:-0})) fails=$((fails + fail)) skips=$((skips + ${skip:-0} + ${todo:-0}))
  done
  rm --recursive "$parts"
}

# Each test case of Catch2 counts; a program that ends without its summary counts as one that failed.
native_tests() { # PRESET
  local log="$logs/native.log" code=0 totals
  ctest --preset "$1" --parallel "$jobs" --verbose >"$log" 2>&1 </dev/null || code=$?
  # Lines of a program begin with its number: several run at once.
  totals=$(awk '
    { program = match($0, /^[0-9]+: /) ? substr($0, 1, RLENGTH - 2) : ""; sub(/^[0-9]+: /, "") }
    /^All tests passed \(/ { match($0, /in [0-9]+ test case/); p += substr($0, RSTART + 3, RLENGTH - 13); next }
    /^test cases:/ {
      line = $0
      if (match(line, /[0-9]+ passed/)) p += substr(line, RSTART, RLENGTH - 7)
      if (match(line, /[0-9]+ failed/)) f += substr(line, RSTART, RLENGTH - 7)
      summary[program] = 1
      next
    }
    match($0, /Test +#[0-9]+:/) {
      program = substr($0, RSTART, RLENGTH - 1)
      sub(/^.*#/, "", program)
      if (/\*\*\*Skipped/) s++
      else if (/\*\*\*/ && !(program in summary)) f++
    }
    END { print p + 0, f + 0, s + 0 }' "$log")
  read -r p f s <<<"$totals"
  if ((code != 0 && f == 0 || p + f == 0)); then f=$((f + 1)); fi
  if ((f > 0)); then grep --invert-match --extended-regexp '^[0-9]+: *$' "$log" | tail -n 100 | sed 's/^/    /'; fi
  grep --only-matching --no-filename 'skipped: .*' "$log" | sort --unique | sed 's/^/    /'
  count "$p" "$f" "$s" "native"
}

install() {
  local packages
  mapfile -t packages < <(
    missing_packages "${build_packages[@]}" "${test_packages[@]}"
    missing_programs node=nodejs npm git
  )
  install_packages "${packages[@]}" >"$logs/packages.log" || return 1
  # Nothing to do when what is installed is what the lock file says.
  if ! cmp --quiet package-lock.json node_modules/.from-lock; then
    local turn
    for turn in 1 2 3; do
      if npm ci --ignore-scripts --no-audit --no-fund >"$logs/npm.log" 2>&1 </dev/null; then
        cp package-lock.json node_modules/.from-lock
        return 0
      fi
      echo "  npm ci failed (turn $turn of 3)"
      sleep $((turn * 5))
    done
    cat "$logs/npm.log"
    return 1
  fi
}

deploy() {
  check deploy ./deploy.sh --out "$BALISE_SITE"
}

# What the later sections need, when deploy is not one of those that run.
need_site() {
  [[ -x "$BALISE_BIN" && -f "$BALISE_SITE/data/manifest.json" ]] || prepare "build what is tested" ./deploy.sh --out "$BALISE_SITE"
}

section_format() {
  check "format: C++" scripts/format.sh --check cpp
  check "format: CMake" scripts/format.sh --check cmake
  check "format: shell" scripts/format.sh --check shell
  check "format: JavaScript, CSS, HTML, JSON" scripts/format.sh --check web
}

section_lint() {
  check "shellcheck" shellcheck --external-sources deploy.sh tests/run.sh tests/bench/run.sh .ci/run scripts/*.sh tests/cli/*.sh \
    docs/examples/*.sh docs/examples/slurm/*.sh
  check "types of the JavaScript" node_modules/.bin/tsc --noEmit --project .
  check "types of the service worker" node_modules/.bin/tsc --noEmit --project tsconfig.sw.json
  check "openapi.json is valid, its examples too" node scripts/check-openapi.mjs
  check "core/ is pure in its sources" scripts/check-core.sh
  check "npm packages: node 18, no registry in the lock file" node scripts/check-packages.mjs
}

section_native() {
  prepare "configure asan" cmake --preset asan || return
  prepare "build asan" cmake --build --preset asan --target native_tests --parallel "$jobs" || return
  native_tests asan
}

section_deploy() {
  deploy
}

section_core() {
  need_site || return
  check "the built core needs nothing from outside" scripts/check-core.sh build/release/core/libbalise_core.a
  for module in search form item balise balise-api; do
    check "$module.wasm imports only what WASI must have" node scripts/check-module.mjs "$BALISE_SITE/$module.wasm"
  done
}

section_module() {
  need_site || return
  node_tests module "$jobs" tests/js/*.test.mjs
  node_tests sample "$jobs" tests/sample/*.test.mjs
}

section_cli() {
  need_site || return
  # A third of the time these wait: for disks, for servers that are slow on purpose.
  node_tests cli "$((jobs + 1))" tests/cli/*.test.mjs
}

section_browser() {
  need_site || return
  node_tests browser "$jobs" tests/browser/*.test.mjs
}

section_tidy() {
  prepare "configure dev" cmake --preset dev || return
  prepare "generate the schema" cmake --build --preset dev --target balise_schema_files || return
  mapfile -t sources < <(git ls-files 'core/*.cpp' 'generator/*.cpp')
  printf '%s\0' "${sources[@]}" >"$logs/tidy.list"
  check "clang-tidy" xargs --arg-file="$logs/tidy.list" --null --max-args=1 --max-procs="$jobs" \
    clang-tidy -p build/dev --quiet --warnings-as-errors='*'
}

echo "Installing what the tests need"
if ! install; then
  echo "run.sh: the packages that the tests need could not be installed" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

times=()
for section in "${sections[@]}"; do
  echo
  echo "== $section"
  section_start=$SECONDS
  "section_$section"
  times+=("$section $((SECONDS - section_start)) s")
done

echo
printf 'Times: %s' "${times[0]}"
printf ', %s' "${times[@]:1}"
printf '; all %d s\n' "$SECONDS"
if ((${#failures[@]} > 0)); then
  echo "Failed:"
  printf '  %s\n' "${failures[@]}"
fi
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
