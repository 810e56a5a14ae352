"""The data folder: who holds it, which installation it is, and whether it can carry a database at all."""

import fcntl
import os
import uuid
from pathlib import Path
from typing import IO

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs", "9p", "ceph", "glusterfs"}


class Held(Exception):
    """Another process holds this lock; `holder` is its process id, when it could be read."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def hold(path: Path, *, wait: bool = False) -> IO[str]:
    """Lock `path` until this process ends, however it ends; keep the returned file open. Raises `Held`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = file.read().strip()
        file.close()
        raise Held(holder) from None
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def installation(data_dir: Path) -> str:
    """The name of this installation, made once: it marks the jobs that this folder's worker holds."""
    path = data_dir / "installation"
    if not path.exists():
        path.write_text(uuid.uuid4().hex)
    return path.read_text().strip()


def file_system_of(folder: Path) -> str:
    """The type of the file system that holds `folder`, from Linux's mount table; "" where there is none."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind


def is_local(folder: Path) -> bool:
    """Whether SQLite's locks and write-ahead log can be trusted in `folder`."""
    return file_system_of(folder.resolve()) not in NETWORK_FILE_SYSTEMS
