"""What Linux offers to confine and tie processes and Python does not wrap. Elsewhere each does nothing and says so."""

import ctypes
import os
import struct
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446  # the same on every architecture
LANDLOCK_CREATE_RULESET_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
WRITE_FILE, REMOVE_DIR, REMOVE_FILE, MAKE_REG, MAKE_DIR, REFER, TRUNCATE = (1 << bit for bit in (1, 4, 5, 8, 7, 13, 14))
MAKE_ANY = sum(1 << bit for bit in range(6, 13))  # character device, folder, file, socket, pipe, block device, link
BIND_TCP, CONNECT_TCP = 1, 2

libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int) -> bool:
    """This process gets the signal when the *thread* that made it ends. Call it in the child, right after the fork."""
    return libc is not None and bool(libc.prctl(PR_SET_PDEATHSIG, signal_number) == 0)


def adopt_orphans() -> bool:
    """Grandchildren whose parent died become children of this process, so that none escapes it."""
    return libc is not None and bool(libc.prctl(PR_SET_CHILD_SUBREAPER, 1) == 0)


def write_only_below(folder: Path) -> bool:
    """From now on this process creates, changes and removes files below `folder` only, and opens no TCP connection.

    By Landlock (Linux 5.13; TCP since 6.7); False where the kernel has none. Cannot be undone.
    """
    if libc is None:
        return False
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION)
    if version < 1:
        return False
    writing = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_ANY
    writing |= (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    rules = struct.pack("QQ", writing, BIND_TCP | CONNECT_TCP) if version >= 4 else struct.pack("Q", writing)
    ruleset = libc.syscall(LANDLOCK_CREATE_RULESET, rules, len(rules), 0)
    below = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    allowed = struct.pack("=Qi", writing, below)
    done = (
        libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, allowed, 0) == 0
        and libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    )
    os.close(below)
    os.close(ruleset)
    return bool(done)


def children_of_this_process() -> list[int]:
    """Process ids of direct children, zombies included."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except FileNotFoundError:
        return []
