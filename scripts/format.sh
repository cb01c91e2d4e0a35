#!/usr/bin/env bash
# One formatter for each language, over every file that git knows or would add.
#   scripts/format.sh                 rewrites the files
#   scripts/format.sh --check [NAME]  only says which are not formatted; exit 1 if any (NAME: cpp, cmake, shell or web)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

check=
if [[ "${1-}" == --check ]]; then
  check=1
  shift
fi
only=${1-}

files() {
  local file
  git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
    # git still lists what was deleted and not yet committed.
    if [[ -f "$file" ]]; then printf '%s\n' "$file"; fi
  done
}

format_cpp() {
  mapfile -t list < <(files '*.cpp' '*.hpp')
  if [[ -n "$check" ]]; then
    clang-format --dry-run --Werror "${list[@]}"
  else
    clang-format -i "${list[@]}"
  fi
}

format_cmake() {
  mapfile -t list < <(files 'CMakeLists.txt' '**/CMakeLists.txt' '*.cmake')
  if [[ -n "$check" ]]; then
    cmake-format --check "${list[@]}"
  else
    cmake-format --in-place "${list[@]}"
  fi
}

format_shell() {
  mapfile -t list < <(files '*.sh' '.ci/run')
  if [[ -n "$check" ]]; then
    shfmt -i 2 -ci -d "${list[@]}"
  else
    shfmt -i 2 -ci -w "${list[@]}"
  fi
}

format_web() {
  if [[ ! -x node_modules/.bin/prettier ]]; then
    echo "prettier is missing: run npm ci --ignore-scripts" >&2
    return 1
  fi
  if [[ -n "$check" ]]; then
    node_modules/.bin/prettier --log-level warn --check .
  else
    node_modules/.bin/prettier --log-level warn --write .
  fi
}

case "$only" in
  '') for name in cpp cmake shell web; do "format_$name"; done ;;
  cpp | cmake | shell | web) "format_$only" ;;
  *)
    echo "format.sh: unknown name \"$only\": cpp, cmake, shell or web" >&2
    exit 2
    ;;
esac
