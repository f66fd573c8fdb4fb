#!/bin/sh
# enter.sh SYSTEM SHARED COMMAND...: run a command in a system, which sees one folder of ours where
# it lies. Started by "unshare --mount", so that nothing of this is left when the command ends.
set -e
system=$1 shared=$2
shift 2
mkdir -p "$system$shared"
mount -t proc proc "$system/proc"
mount --rbind /dev "$system/dev"
mount --bind "$shared" "$system$shared"
exec chroot "$system" "$@"
