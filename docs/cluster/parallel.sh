#!/bin/sh
# A sweep by GNU parallel: `parallel.sh 100 rfc438-append --seeds 0..1000000`. What was not done goes on if it is started again.
set -eu
parts=$1
shift
seq "$parts" | parallel --joblog sweep.joblog --resume-failed \
    arpanet sweep "$@" --jobs 1 --shard "{}/$parts" -o "part-{}"
arpanet sweep merge part-*
