#!/usr/bin/env bash
# Runs a command on a Slurm of its own: a controller and one node on this machine, no accounts, gone afterwards.
# tests/cli/one_node_slurm.sh COMMAND...; exit code 77: Slurm does not start here, and the last line says why.
set -uo pipefail
folder=$(mktemp --directory)
controller='' node=''
end() {
  # Jobs that are left when somebody ends this early; only this cluster is asked.
  if [[ -n "$controller" ]] && [[ -n "$(timeout 5 squeue --noheader 2>/dev/null)" ]]; then
    timeout 5 scancel --quiet --user="$(id --user --name)" 2>/dev/null
    sleep 2
  fi
  for pid in $node $controller; do
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  rm -rf "$folder"
}
trap end EXIT
free_port() {
  node -e 'const server = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); });'
}
host=$(hostname --short)
# Node and controller as root, as Debian's packages run them, or all as the user who calls.
cat >"$folder/slurm.conf" <<CONF
ClusterName=balise-test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/none
CredType=cred/none
SlurmUser=$(id --user --name)
SlurmdUser=$(id --user --name)
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
MpiDefault=none
${SLURM_PLUGINS:+PluginDir=$SLURM_PLUGINS}
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
CONF
mkdir "$folder/state" "$folder/spool"
export SLURM_CONF="$folder/slurm.conf"
slurmctld -D >"$folder/slurmctld.log" 2>&1 &
controller=$!
slurmd -D >"$folder/slurmd.log" 2>&1 &
node=$!
for ((turn = 0; turn < 60; ++turn)); do
  if [[ "$(sinfo --noheader --format=%T 2>/dev/null)" == idle ]]; then break; fi
  if ! kill -0 "$controller" 2>/dev/null || ! kill -0 "$node" 2>/dev/null; then break; fi
  sleep 0.5
done
if [[ "$(sinfo --noheader --format=%T 2>/dev/null)" != idle ]]; then
  tail --quiet --lines=3 "$folder/slurmctld.log" "$folder/slurmd.log" >&2
  exit 77
fi
"$@"
