#!/usr/bin/env bash
# From a fresh clone to a site in public/: see usage() or README.md.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/packages.sh
source "$repository/scripts/packages.sh"

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [--config FILE] [--out DIR] [--serve [PORT]]
       ./deploy.sh [--config FILE] [--out DIR] --target dir|rsync|s3 --to WHERE --key FILE [--state DIR] [--dry-run]

Installs what is missing, builds the program and the WebAssembly module, builds a
site, verifies it and publishes it.

  --config FILE   what to build the site from (default: data/sample.json)
  --out DIR       where to build it (default: public); replaced in one step
  --serve [PORT]  then serve it on this machine (default port: 8080)
  --target WHICH  then sign and publish it: in a folder of this machine (dir), on another one over ssh (rsync), in
                  an object store (s3)
  --to WHERE      dir: PATH, of which a web server serves PATH/current; rsync: USER@HOST:PATH; s3:
                  REMOTE:BUCKET/PATH of rclone
  --key FILE      the secret key, made by 'balise key --new FILE'
  --state DIR     rsync, s3: where the releases stand on this machine (default: build/releases); keep it
  --dry-run       say what publishing would do
  --help          this text

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 data refused, 4 verification failed, 75 another run is at work.
What was published before stays in its place unless the new site is complete.
USAGE
}

wrong_usage() {
  echo "deploy.sh: $1; see ./deploy.sh --help" >&2
  exit 2
}

config="$repository/data/sample.json"
out="$repository/public"
port='' target='' to='' key='' dry_run=()
state="$repository/build/releases"
while (($# > 0)); do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --config | --out | --key | --state)
      [[ -n "${2-}" ]] || wrong_usage "$1 needs a path"
      path=$(realpath --canonicalize-missing -- "$2")
      case "$1" in
        --config) config=$path ;;
        --out) out=$path ;;
        --key) key=$path ;;
        --state) state=$path ;;
      esac
      shift
      ;;
    --target | --to)
      [[ -n "${2-}" ]] || wrong_usage "$1 needs a value"
      if [[ "$1" == --to ]]; then to=$2; else target=$2; fi
      shift
      ;;
    --dry-run) dry_run=(--dry-run) ;;
    --serve)
      port=8080
      if [[ "${2-}" =~ ^[0-9]+$ ]]; then
        ((${#2} <= 5 && 10#$2 <= 65535)) || wrong_usage "\"$2\" is no port: 0 to 65535"
        port=$((10#$2))
        shift
      fi
      ;;
    *) wrong_usage "unknown argument \"$1\"" ;;
  esac
  shift
done
if [[ -n "$target$to$key" ]]; then
  [[ "$target" =~ ^(dir|rsync|s3)$ ]] || wrong_usage "--target is dir, rsync or s3"
  [[ -n "$to" ]] || wrong_usage "--target $target needs --to"
  [[ -f "$key" ]] || wrong_usage "--target $target needs --key FILE; 'balise key --new FILE' makes one"
  [[ -z "$port" ]] || wrong_usage "--serve shows --out; leave it away with --target"
  if [[ "$target" == dir ]]; then
    state=$(realpath --canonicalize-missing -- "$to")
  elif [[ "$to" != *:?* ]]; then
    wrong_usage "--to \"$to\" names no place on another machine"
  fi
fi
[[ -f "$config" ]] || wrong_usage "there is no config $config"
cd "$repository"
mkdir -p build

log=build/deploy.log
: >"$log"

step_number=0
steps=$((5 + (${#target} > 0)))
step() {
  step_number=$((step_number + 1))
  step_start=$SECONDS
  printf '[%d/%d] %s\n' "$step_number" "$steps" "$1"
}

done_with() {
  printf '      %s (%d s)\n' "$1" "$((SECONDS - step_start))"
}

# Runs a build command. Its output goes to the log, and to the terminal if there is one.
logged() {
  local code=0
  if [[ -t 1 ]]; then
    # Ninja rewrites its line only when it writes to the terminal itself.
    "$@" 2> >(tee -a "$log" >&2) || code=$?
  else
    "$@" >>"$log" 2>&1 || code=$?
  fi
  if ((code != 0)); then
    [[ -t 1 ]] || tail -n 40 "$log" >&2
    echo "deploy.sh: '$*' failed; the whole output is in $log" >&2
    exit 1
  fi
}

size_of() {
  numfmt --to=iec --suffix=B "$(stat --format=%s "$1")"
}

step "Packages"
mapfile -t missing < <(
  missing_packages "${build_packages[@]}"
  missing_programs node=nodejs
  if [[ "$target" == rsync ]]; then missing_programs rsync ssh=openssh-client; fi
  if [[ "$target" == s3 ]]; then missing_programs rclone; fi
)
if ((${#missing[@]} > 0)); then
  echo "      installing ${missing[*]}"
  install_packages "${missing[@]}" >>"$log"
  done_with "installed ${#missing[@]}"
else
  done_with "nothing is missing"
fi

jobs=$(nproc)

step "WebAssembly module"
logged cmake --preset wasm -Wno-dev
logged cmake --build --preset wasm --parallel "$jobs"
done_with "build/assets/site/balise.wasm, $(size_of build/assets/site/balise.wasm)"

step "Program (a few minutes the first time)"
logged cmake --preset release -DBALISE_TESTS=OFF
logged cmake --build --preset release --parallel "$jobs"
done_with "build/release/balise, $(size_of build/release/balise)"

step "Site from ${config#"$repository/"}"
build/release/balise build --config "$config" --out "$out" --jobs "$jobs"
done_with "$out, $(du --summarize --human-readable --apparent-size "$out" | cut -f1)B in $(find "$out" -type f | wc -l) files"

step "Verification"
verified=$(build/release/balise verify --site "$out" --jobs "$jobs")
done_with "$verified"

if [[ -n "$target" ]]; then
  step "Publishing to $to"
  after=()
  if [[ "$target" != dir ]]; then
    # A machine that publishes there for the first time begins where the last one stopped.
    after=(--after "$(scripts/upload.sh --target "$target" --from "$state" --to "$to" --pull)")
  fi
  published=$(build/release/balise publish --site "$out" --to "$state" --key "$key" "${after[@]}" "${dry_run[@]}" \
    --jobs "$jobs")
  if [[ "$target" != dir && ${#dry_run[@]} == 0 ]]; then
    scripts/upload.sh --target "$target" --from "$state" --to "$to"
  fi
  done_with "$published"
  exit 0
fi

demo="recherche-apprentissage?romes=F1702,F1705,F1701&lat=48.85&lon=2.35&radius=60&scope=all&caller=demo"
echo
if [[ -n "$port" ]]; then
  if ((port != 0)); then
    echo "Open http://127.0.0.1:$port/$demo"
  else
    echo "Open /$demo at this address:"
  fi
  echo "Ctrl-C stops the server."
  exec build/release/balise serve --site "$out" --port "$port"
fi
echo "To see it: build/release/balise serve --site $out, then open"
echo "  http://127.0.0.1:8080/$demo"
echo "To publish it: copy the folder to any static host, or let a web server serve it in place (README.md)."
