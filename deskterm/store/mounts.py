"""Mounts: which file systems a desk must not lie on, because their locks do not hold between machines."""

import os
from pathlib import Path
from typing import Final

__all__ = ["MOUNT_TABLE", "file_system", "is_network"]

MOUNT_TABLE = Path("/proc/self/mountinfo")

# 9p is none of them: some sandboxes have it as their only disk, and `doctor` speaks of it
_NETWORK: Final = (
    *("afs", "beegfs", "ceph", "cifs", "coda", "davfs", "davfs2", "gfs", "glusterfs", "gpfs", "lustre"),
    *("ncpfs", "nfs", "nfs4", "prl_fs", "rclone", "s3fs", "smb2", "smb3", "smbfs", "sshfs"),
    *("vboxsf", "vmhgfs", "vmhgfs-fuse"),
)


def file_system(folder: str) -> str:
    """The type of the file system of `folder` ("ext4", "nfs4"), "" where this machine does not tell."""
    try:
        lines = MOUNT_TABLE.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    device = Path(folder).stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in lines:
        fields = line.split(" ")
        if fields[2] == wanted:
            return fields[fields.index("-") + 1]
    return ""


def is_network(kind: str) -> bool:
    """Whether the locks of a file system of this type reach no other machine."""
    return kind.removeprefix("fuse.") in _NETWORK
