#!/bin/bash
# A sweep as an array of Slurm: each task sweeps one part. `sbatch --array=1-100 slurm.sh rfc438-append --seeds 0..1000000`
#SBATCH --job-name=sweep
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=part-%a.log
set -eu
exec arpanet sweep "$@" --jobs "$SLURM_CPUS_PER_TASK" \
    --shard "$SLURM_ARRAY_TASK_ID/${PARTS:-$SLURM_ARRAY_TASK_COUNT}" -o "part-$SLURM_ARRAY_TASK_ID"
