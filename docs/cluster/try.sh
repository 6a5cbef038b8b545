#!/bin/bash
# Tries all of this on one machine: a Slurm of one node, GNU parallel, and the manifest for Kubernetes against its schema.
# `docs/cluster/try.sh [PROGRAM]`, as root on Debian with the packages slurm-wlm, munge, parallel and python3-venv.
# In each way four parts are swept, one is killed and started again, and what they make together must be, byte for byte,
# what one process prints. `SEEDS=0..60000` are enough for a program that is built to be fast.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/arpanet}")
names=${NAMES:-echo}
seeds=${SEEDS:-0..2400}
place=$(mktemp -d)
chmod 755 "$place"
started=()
stop() {
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    for process in "${started[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$place"
}
trap stop EXIT
mkdir "$place/bin"
ln -s "$program" "$place/bin/arpanet"
export PATH="$place/bin:$PATH"

say() { printf '\n== %s\n' "$*"; }
# Waits for a minute at most until a command succeeds.
wait_for() {
    for _ in $(seq 600); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    echo "this did not come about: $*" >&2
    exit 1
}
same() { cmp "$place/whole" "$1" && echo "$2: the same, byte for byte, as one process"; }
is_whole() { grep -q '"is":"end"' "$1"; }
# What is whole before it is killed does not go on, and proves nothing.
not_whole() {
    if is_whole "$1"; then echo "$1 was whole before it could be killed: try again with more SEEDS than $seeds" >&2; exit 1; fi
}
has_begun() { [ "$(grep -c '"is":"part"' "$1")" -ge 1 ]; }

say "one process"
cd "$place"
# shellcheck disable=SC2086 # Several names are several words.
arpanet sweep $names --seeds "$seeds" >whole || [ $? = 1 ]
cat whole

say "GNU parallel, $(parallel --version | head -n 1)"
mkdir parallel && cd parallel
# shellcheck disable=SC2086
arpanet sweep $names --seeds "$seeds" --jobs 1 --shard 2/4 -o part-2 &
killed=$!
wait_for has_begun part-2
kill -KILL "$killed"
wait "$killed" 2>/dev/null || true
not_whole part-2
echo "part 2 was killed after $(grep -c '"is":"part"' part-2) chunks, and goes on"
# shellcheck disable=SC2086
"$here/parallel.sh" 4 $names --seeds "$seeds" >merged || [ $? = 1 ]
grep -v '^part-[0-9]*: part' merged >table
same table "GNU parallel"
cd ..

say "Slurm, $(slurmctld -V)"
mkdir slurm && cd slurm
cp /etc/munge/munge.key munge.key 2>/dev/null || head -c 1024 /dev/urandom >munge.key
chmod 400 munge.key
mkdir state spool
munged --foreground --force --key-file="$PWD/munge.key" --socket="$PWD/munge.socket" --pid-file="$PWD/munge.pid" \
    --seed-file="$PWD/munge.seed" --log-file="$PWD/munge.log" >/dev/null 2>&1 &
started+=($!)
node=$(hostname -s)
cat >slurm.conf <<CONF
ClusterName=try
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$PWD/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmctldPort=26817
SlurmdPort=26818
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd.pid
SlurmctldLogFile=$PWD/slurmctld.log
SlurmdLogFile=$PWD/slurmd.log
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool
MpiDefault=none
ReturnToService=2
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$PWD/slurm.conf
wait_for test -S munge.socket
slurmctld -D >/dev/null 2>&1 &
started+=($!)
slurmd -D >/dev/null 2>&1 &
started+=($!)
wait_for bash -c 'sinfo -h -o %T | grep -qx idle'
# shellcheck disable=SC2086
job=$(sbatch --parsable --array=1-4 "$here/slurm.sh" $names --seeds "$seeds")
wait_for has_begun part-2
scancel --signal=KILL --full "${job}_2" || true
scancel "${job}_2" || true
is_over() { [ -z "$(squeue -h -j "$job" 2>/dev/null)" ]; }
for _ in $(seq 30); do is_over && break; wait_for true; sleep 2; done
is_over
not_whole part-2
echo "part 2 was killed after $(grep -c '"is":"part"' part-2) chunks: what merge says then"
if arpanet sweep merge part-[1-4]; then echo "a part is missing, and nobody says so" >&2; exit 1; fi
# shellcheck disable=SC2086
sbatch --wait --export=ALL,PARTS=4 --array=2 "$here/slurm.sh" $names --seeds "$seeds"
arpanet sweep merge part-[1-4] >table || [ $? = 1 ]
same table "Slurm"
cd ..

say "Kubernetes: the manifest against its schema"
python3 -m venv venv
venv/bin/pip install --quiet kubernetes-validate
venv/bin/kubernetes-validate --strict "$here/job.yaml"
# What the pod of index 1 does.
mkdir kubernetes && cd kubernetes
script=$(../venv/bin/python -c 'import sys, yaml; job = yaml.safe_load(open(sys.argv[1])); print(job["spec"]["template"]["spec"]["containers"][0]["args"][0])' "$here/job.yaml")
JOB_COMPLETION_INDEX=1 PARTS=1000000 sh -c "$script"
grep -q '"shard":2,"of":1000000' part-2
echo "the command of a pod does its part"
