#!/usr/bin/env bash
# core/ runs in the generator, in browsers and in Node, so it has no I/O, throws nothing, reads no clock and knows no
# locale. This checks its sources, that each header stands on its own, and, for each given archive of its objects, that
# nothing of the kind is linked in.
#   scripts/check-core.sh [build/release/core/libbalise_core.a …]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

faults=0
report() {
  echo "core: $1" >&2
  faults=$((faults + 1))
}

# Prints FILE:LINE:TEXT of code that matches, with comments and the insides of string literals left out.
code_matching() {
  local file
  for file in core/*.hpp core/*.cpp; do
    sed -E 's/"([^"\\]|\\.)*"/""/g; s,//.*,,' "$file" | grep --line-number --extended-regexp "$1" | sed "s,^,$file:," || true
  done
}

allowed_headers='algorithm|array|bit|bitset|boost/[a-z_/]+\.hpp|cmath|compare|concepts|cpuid\.h|cstddef|cstdint|cstring|flatbuffers/[a-z_]+\.h|functional|immintrin\.h|initializer_list|iterator|limits|map|memory|new|numbers|numeric|optional|queue|set|span|string|string_view|tuple|type_traits|unordered_map|unordered_set|utility|variant|vector|charconv'
while IFS= read -r line; do
  [[ -n "$line" ]] && report "$line: not one of the headers that core may use"
done < <(grep --with-filename --line-number '^ *#include' core/*.hpp core/*.cpp |
  grep --invert-match --extended-regexp "<($allowed_headers)>|\"core/[a-z0-9_]+\.hpp\"|\"shard_generated\.h\"")

while IFS= read -r line; do
  [[ -n "$line" ]] && report "$line: core throws nothing, and prints, reads and waits for nothing"
done < <(code_matching '\b(throw|try|catch|goto|thread_local)\b|std::(cout|cerr|clog|locale|chrono|thread|mutex|random_device|getenv|exit|terminate|abort)\b|\b((printf|fprintf|fopen|getenv|setlocale|abort|exit|assert) *\()')

while IFS= read -r line; do
  [[ -n "$line" ]] && report "$line: state that changes must belong to an object"
done < <(code_matching '(^|[{;]) *static [^()]*(=|;|\{)' | grep --invert-match --extended-regexp 'static (constexpr|const|consteval|inline constexpr)\b' || true)

# Each header compiles alone. The generated schema stands in for itself wherever a build has made it.
schema=$(find build -path '*/schema/shard_generated.h' -printf '%h\n' -quit 2>/dev/null || true)
for header in core/*.hpp; do
  [[ -z "$schema" ]] && grep --quiet shard_generated "$header" && continue
  g++ -std=c++20 -fsyntax-only -I. ${schema:+-isystem "$schema"} -x c++ "$header" 2>/dev/null ||
    report "$header does not compile on its own"
done

forbidden_symbols='^(fopen|open|openat|read|write|fread|fwrite|printf|puts|fputs|fprintf|getenv|secure_getenv|setlocale|newlocale|uselocale|localeconv|time|clock|clock_gettime|gettimeofday|localtime|gmtime|mktime|rand|random|srand|exit|_exit|strtod|__cxa_throw|__cxa_allocate_exception|pthread_create|_ZSt4c(out|err|log|in)|_ZNSt6locale.*|_ZNSt6chrono.*|_ZNSt15basic_.*stream.*)$'
for archive in "$@"; do
  if [[ ! -f "$archive" ]]; then
    report "$archive is missing: build it first"
    continue
  fi
  while IFS= read -r symbol; do
    [[ -n "$symbol" ]] && report "$archive needs $symbol"
  done < <(nm --undefined-only --no-demangle --just-symbols "$archive" 2>/dev/null | grep --extended-regexp "$forbidden_symbols" | sort --unique || true)
done

if ((faults > 0)); then
  echo "core: $faults faults" >&2
  exit 1
fi
echo "core: $(find core -name '*.?pp' | wc -l) files are pure"
