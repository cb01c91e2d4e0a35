#!/usr/bin/env bash
# Sends what `balise publish --to STATE` made to another machine or an object store: see usage().
set -euo pipefail

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'USAGE'
Usage: scripts/upload.sh --target rsync|s3 --from STATE --to WHERE [--pull] [--dry-run] [--encoding br|gzip|none]

Sends the current release of STATE, a folder that `balise publish --to STATE` keeps, in an order in which the site
is whole at every moment: data files, pages, list of files, and data/manifest.json last.

  --target rsync    WHERE is USER@HOST:PATH: the same folders there, one switch at the end; a web server
                    publishes PATH/current. RSYNC_RSH is the ssh command [ssh]
  --target s3       WHERE is REMOTE:BUCKET/PATH of rclone, a remote of its configuration or of its environment
  --encoding WHICH  s3: what text objects are compressed with [br]; gzip for visitors over plain http
  --pull            only takes over what is known there, on a machine that publishes there for the first time, and
                    prints the version that stands there, or 0
  --dry-run         says what would be sent and deleted

Nothing is deleted but what the releases of STATE have given up (balise publish --keep-days) and was sent from here.
Exit codes: 0 done, 1 failed, 2 wrong usage, 75 another upload is at work.
USAGE
}

wrong_usage() {
  echo "upload.sh: $1; see scripts/upload.sh --help" >&2
  exit 2
}

target='' state='' to='' encoding=br is_pull='' is_dry_run=''
while (($# > 0)); do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --target | --from | --to | --encoding)
      [[ -n "${2-}" ]] || wrong_usage "$1 needs a value"
      case "$1" in
        --target) target=$2 ;;
        --from) state=$2 ;;
        --to) to=$2 ;;
        --encoding) encoding=$2 ;;
      esac
      shift
      ;;
    --pull) is_pull=1 ;;
    --dry-run) is_dry_run=1 ;;
    *) wrong_usage "unknown argument \"$1\"" ;;
  esac
  shift
done
[[ "$target" == rsync || "$target" == s3 ]] || wrong_usage "--target is rsync or s3"
[[ -n "$state" ]] || wrong_usage "--from is missing"
[[ "$to" == *:?* ]] || wrong_usage "--to \"$to\" names no place on another machine, as $(
  if [[ "$target" == s3 ]]; then echo remote:bucket/path; else echo user@host:path; fi
)"
[[ "$encoding" =~ ^(br|gzip|none)$ ]] || wrong_usage "--encoding is br, gzip or none"
to=${to%/}

mkdir -p "$state"
# Beside the folder, which belongs to `balise publish`, and must not look like something else before that.
exec 9>>"${state%/}.upload-lock"
if ! flock --nonblock 9; then
  echo "upload.sh: another upload from $state is at work; wait until it is done" >&2
  exit 75
fi

say() {
  echo "upload.sh: $*" >&2
}

# The version in a signed manifest on stdin, 0 for none.
version_in() {
  local text
  text=$(cat)
  if [[ "$text" =~ \"version\":([0-9]+),\"published\" ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# ------------------------------------------------------------------------------------------------------------- rsync

# One connection for all steps.
connect() {
  connection=$(mktemp --directory)
  export RSYNC_RSH="${RSYNC_RSH:-ssh}"
  if [[ "$RSYNC_RSH" == ssh* ]]; then
    RSYNC_RSH+=" -o ControlMaster=auto -o ControlPersist=5 -o ControlPath=$connection/%C"
  fi
  trap 'rm -rf "$connection"' EXIT
}

# Runs a script of sh on the other machine, with $1 ... as it has them.
on_host() {
  local script=$1 words=
  shift
  printf -v words ' %q' "$@"
  # shellcheck disable=SC2086 # RSYNC_RSH is a command with options, as rsync takes it
  $RSYNC_RSH "${to%%:*}" "sh -eu -s -- $words" <<<"$script"
}

pull_rsync() {
  # shellcheck disable=SC2016 # to be expanded there
  on_host 'cat "$1/current/data/manifest.json" 2>/dev/null || true' "${to#*:}" | version_in
}

push_rsync() {
  local path=${to#*:} version there link_dest=() dry=()
  version=$(basename "$(readlink "$state/current")")
  there=$(pull_rsync)
  if ((there > version)); then
    say "version $there stands at $to, and $state has $version; publish with 'balise publish --after $there'"
    exit 1
  fi
  # An upload that was broken off goes on.
  local resumed=$version
  if ((there == version)); then resumed=none; fi
  if [[ -n "$is_dry_run" ]]; then
    dry=(--dry-run --stats --human-readable)
  else
    # shellcheck disable=SC2016
    on_host 'mkdir -p "$1/releases" "$1/objects"
      cd "$1/releases"
      for left in .old-* .new-*; do [ "$left" = ".new-$2" ] || rm -rf "./$left"; done' "$path" "$resumed"
  fi
  if ((there < version)); then
    if ((there > 0)); then link_dest=("--link-dest=../$there"); fi
    # Hashes of contents: a link to an older file is only good if it is the same.
    rsync --archive --checksum --no-owner --no-group "${link_dest[@]}" "${dry[@]}" \
      "$state/releases/$version/" "$to/releases/.new-$version/"
  fi
  [[ -z "$is_dry_run" ]] || return 0
  rsync --archive --no-owner --no-group "$state/objects/" "$to/objects/"
  # All is on the disk before its name is, and its name before the link.
  # shellcheck disable=SC2016
  on_host 'cd "$1"
    if [ -d "releases/.new-$2" ]; then
      sync -f "releases/.new-$2"
      rm -rf "releases/$2"
      mv -T "releases/.new-$2" "releases/$2"
      sync -f releases
    fi
    rm -f .current.new
    ln -s "releases/$2" .current.new
    mv -T .current.new current
    sync -f .' "$path" "$version"
  rsync --archive --no-owner --no-group "$state/history.jsonl" "$to/history.jsonl"
  # What stands there and not here was given up here.
  local kept
  mapfile -t kept < <(ls "$state/releases")
  # shellcheck disable=SC2016
  on_host 'cd "$1"
    shift
    for release in releases/[0-9]*; do
      number=${release#releases/}
      for kept in "$@"; do [ "$number" != "$kept" ] || continue 2; done
      mv -T "$release" "releases/.old-$number"
      rm -rf "releases/.old-$number"
    done
    for list in objects/*.txt; do
      number=${list#objects/}
      [ -d "releases/${number%.txt}" ] || rm -f "$list"
    done' "$path" "${kept[@]}"
  say "version $version is current at $to"
}

# ---------------------------------------------------------------------------------------------------------------- s3

pull_s3() {
  { rclone cat "$to/data/manifest.json" 2>/dev/null || true; } | version_in
}

push_s3() {
  local version there stage line order folder fields arguments header
  version=$(basename "$(readlink "$state/current")")
  there=$(pull_s3)
  if ((there > version)); then
    say "version $there stands at $to, and $state has $version; publish with 'balise publish --after $there'"
    exit 1
  fi
  stage=$(mktemp --directory)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$stage'" EXIT
  node "$scripts/upload-groups.mjs" "$state/current/" "$stage" "$encoding" >"$stage/groups"
  # What may be there from here, also if this upload does not come to its end.
  (cd "$stage" && find . -mindepth 2 -type l | sed 's|^\./[0-9]*/||' | LC_ALL=C sort --unique) >"$stage/keys"
  if [[ -z "$is_dry_run" ]]; then
    touch "$state.uploaded"
    LC_ALL=C sort --unique "$stage/keys" "$state.uploaded" >"$state.uploaded.new"
    sync "$state.uploaded.new"
    mv "$state.uploaded.new" "$state.uploaded"
  fi
  for order in 1 2 3 4; do
    while IFS= read -r line; do
      IFS=$'\t' read -r -a fields <<<"$line"
      [[ "${fields[0]}" == "$order" ]] || continue
      folder=${fields[1]}
      arguments=(--copy-links --transfers "${UPLOAD_TRANSFERS:-8}" --s3-no-check-bucket --retries 3)
      for header in "${fields[@]:2}"; do arguments+=(--header-upload "$header"); done
      # Names of data files hold a hash: what is there is the same. Pages are compared by their contents.
      if ((order == 1)); then arguments+=(--ignore-existing); else arguments+=(--checksum); fi
      if [[ -n "$is_dry_run" ]]; then arguments+=(--dry-run); fi
      rclone copy "${arguments[@]}" "$folder" "$to"
    done <"$stage/groups"
  done
  # Only what was sent from here, and is in no release that is kept.
  if [[ -z "$is_dry_run" ]]; then
    LC_ALL=C comm -13 "$stage/keys" "$state.uploaded" >"$stage/gone"
    if [[ -s "$stage/gone" ]]; then
      rclone delete --files-from-raw "$stage/gone" "$to"
    fi
    cp "$stage/keys" "$state.uploaded.new"
    mv "$state.uploaded.new" "$state.uploaded"
    say "version $version is current at $to; $(wc -l <"$stage/gone") objects deleted"
  elif [[ -e "$state.uploaded" ]]; then
    LC_ALL=C comm -13 "$stage/keys" "$state.uploaded" | sed 's/^/would be deleted: /'
  fi
}

state=${state%/}
if [[ "$target" == rsync ]]; then connect; fi
if [[ -n "$is_pull" ]]; then
  there=$("pull_$target")
  if [[ "$target" == rsync && ! -e "$state/history.jsonl" ]] && ((there > 0)); then
    say "taking over the releases of $to"
    rsync --archive --hard-links --no-owner --no-group --exclude=/.lock "$to/" "$state/"
  fi
  echo "$there"
  exit 0
fi
[[ -L "$state/current" ]] || wrong_usage "--from $state holds no release; run 'balise publish --to $state' first"
"push_$target"
