#!/usr/bin/env bash
# Builds a site on a Slurm cluster: one job that reads the sources and cuts the build into parts, an array with a job a
# part, one that merges. All machines see the same folders. Jobs of a machine that goes down run again (--requeue), and
# may run twice: the result is the same. Exit code: that of the step that failed, 0 when the site is published.
#
#   docs/examples/slurm/build.sh CONFIG WORK OUT YYYY-MM-DD
#
# ACCEPT: what is let pass tonight, such as "baseline" the first time. BALISE: the program [balise]. SBATCH: more options for every step, such as "--partition=night --mem=1G".
set -euo pipefail
if (($# != 4)); then
  echo "usage: build.sh CONFIG WORK OUT YYYY-MM-DD" >&2
  exit 2
fi
config=$1 work=$2 out=$3 as_of=$4
balise=$(command -v "${BALISE:-balise}") || {
  echo "build.sh: no program ${BALISE:-balise}; name it in BALISE" >&2
  exit 2
}
read -ra more <<<"${SBATCH-}"
accept=()
for name in ${ACCEPT-}; do accept+=(--accept "$name"); done
logs="$work.logs"
mkdir -p "$logs"

# Waits for the end of a step; its exit code is that of the step.
step() { # NAME LOG OPTIONS... -- COMMAND...
  local name=$1 log=$2 options=()
  shift 2
  while [[ "$1" != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  local command code=0
  printf -v command '%q ' "$@"
  # A number of the array is known only where the job runs.
  command=${command//ARRAY_NUMBER/\"\$SLURM_ARRAY_TASK_ID\"}
  sbatch --wait --requeue --job-name="balise-$name" --output="$logs/$log.log" "${more[@]}" "${options[@]}" \
    --wrap="exec $command" >"$logs/$name.id" || code=$?
  if ((code != 0)); then
    echo "build.sh: step $name failed; its output is in $logs/$name*.log" >&2
    tail --quiet --lines=5 "$logs/$name"*.log >&2 || true
    exit "$code"
  fi
}

step partition partition -- "$balise" partition --config "$config" --work "$work" --as-of "$as_of" --progress never \
  "${accept[@]}"
parts=$(grep --count '"region"' "$work/plan.json")
step job job-%a --array="0-$((parts - 1))" -- "$balise" job --work "$work" --number ARRAY_NUMBER
step merge merge -- "$balise" merge --work "$work" --out "$out" --progress never "${accept[@]}"
