#!/bin/sh
# One night: builds the site from today's sources, and makes it the current one if it is good. With BALISE_RECIPES also
# cuts the snapshots of that file, and publishes each in a folder of its name, signed with the key of its name if there
# is one, else with that of the site. What is not set in the environment is as a machine of its own has it
# (docs/OPERATIONS.md). Exits as the program does: 3 when the data were refused or a snapshot holds nothing, 75 when
# another night is still at work; what was published stays, and a snapshot that fails holds up no other.
set -eu

program=${BALISE_PROGRAM:-/opt/balise/build/release/balise}
config=${BALISE_CONFIG:-/etc/balise/config.json}
key=${BALISE_KEY:-/etc/balise/key}
work=${BALISE_WORK:-/var/lib/balise}
to=${BALISE_TO:-/srv/balise}
recipes=${BALISE_RECIPES:-}
snapshots_to=${BALISE_SNAPSHOTS_TO:-$to-snapshots}
snapshot_keys=${BALISE_SNAPSHOT_KEYS:-/etc/balise/keys}

mkdir -p "$work"
exec 9>>"$work/night.lock"
if ! flock --nonblock 9; then
  echo "balise-night: another night is at work in $work; wait until it is done" >&2
  exit 75
fi
"$program" build --config "$config" --out "$work/site" --report "$work/report.json" --progress never
"$program" publish --site "$work/site" --to "$to" --key "$key" --progress never
[ -n "$recipes" ] || exit 0

code=0
"$program" snapshot --site "$work/site" --recipes "$recipes" --out "$work/snapshots" --progress never \
  >"$work/snapshots.txt" || code=$?
# One line for each that was made: FOLDER: 12 formations, ...
while IFS= read -r line; do
  folder=${line%: [0-9]* lba}
  name=${folder##*/}
  own=$snapshot_keys/$name
  [ -f "$own" ] || own=$key
  "$program" publish --site "$folder" --to "$snapshots_to/$name" --key "$own" --progress never || code=$?
done <"$work/snapshots.txt"
exit "$code"
