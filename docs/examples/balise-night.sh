#!/bin/sh
# One night: builds the site from today's sources, and makes it the current one if it is good. What is not set in the
# environment is as a machine of its own has it (docs/OPERATIONS.md). Exits as the program does: 3 when the data were
# refused, 75 when another night is still at work; in both cases what was published stays.
set -eu

program=${BALISE_PROGRAM:-/opt/balise/build/release/balise}
config=${BALISE_CONFIG:-/etc/balise/config.json}
key=${BALISE_KEY:-/etc/balise/key}
work=${BALISE_WORK:-/var/lib/balise}
to=${BALISE_TO:-/srv/balise}

mkdir -p "$work"
exec 9>>"$work/night.lock"
if ! flock --nonblock 9; then
  echo "balise-night: another night is at work in $work; wait until it is done" >&2
  exit 75
fi
"$program" build --config "$config" --out "$work/site" --report "$work/report.json" --progress never
"$program" publish --site "$work/site" --to "$to" --key "$key" --progress never
