#!/bin/sh
# A file system of its own on a loop device, whose power can be cut: what was not forced is gone.
#
#   power-loss.sh mount IMAGE FOLDER     creates the image and mounts it; nothing is written back by itself for 1000 s
#   power-loss.sh cut FOLDER             shuts the file system down without flushing its log
#   power-loss.sh again IMAGE FOLDER     mounts it again, as after the power came back
#   power-loss.sh unmount FOLDER
#
# Needs root, loop devices, mkfs.ext4, and xfs_io or python3. Exit code 77: this machine cannot do it, and standard
# output says why.
set -eu

cannot() {
  echo "$1"
  exit 77
}

attach() {
  mount -t ext4 -o loop,commit=1000 "$1" "$2" || cannot "loop devices cannot be mounted here"
}

case "$1" in
  mount)
    [ "$(uname -s)" = Linux ] || cannot "this needs Linux"
    [ "$(id -u)" = 0 ] || cannot "only root can mount"
    command -v mkfs.ext4 >/dev/null || cannot "there is no mkfs.ext4"
    command -v xfs_io >/dev/null || command -v python3 >/dev/null || cannot "there is neither xfs_io nor python3"
    dd if=/dev/zero of="$2" bs=1048576 count=64 2>/dev/null
    mkfs.ext4 -q -F "$2"
    attach "$2" "$3"
    ;;
  cut)
    if command -v xfs_io >/dev/null; then
      xfs_io -x -c shutdown "$2"
    else
      # EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH
      python3 -c 'import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))' "$2"
    fi
    ;;
  again)
    umount "$3"
    attach "$2" "$3"
    ;;
  unmount)
    umount "$2"
    ;;
  *)
    echo "unknown: $1" >&2
    exit 2
    ;;
esac
