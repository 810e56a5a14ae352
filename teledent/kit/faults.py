"""Named points where a test may kill this process, as a power cut would. In ordinary life each is a no-op.

FAULT="files.chunk.renamed@3" kills at the third pass; "jobs.*" matches by pattern. FAULT_MARK names a file that is
created just before: where it exists already nothing dies, so a supervisor's restart is not killed again.
FAULT_FILE names a file that says the same and may be written while processes run (a second line tells one order from
the next); whoever dies of it takes it along.

Points, in the order of a file's life:
  files.synced           a temporary file is on the disk, not yet under its key (chunks and whole files)
  files.chunk.renamed    under its key, no row yet
  files.chunk.committed  row committed, nothing answered yet
  files.joined           the whole file is under its final key, no row yet
  files.finish.written   rows and the caller's effect written, not committed
  files.finish.committed committed, not answered
  billing.export.composed documents and pictures of an export lie in the scratch folder
  billing.export.kept    its ZIP is in the storage, no row, no control number taken
  jobs.claimed           a worker holds the lease, nothing done
  jobs.ran               the slow part is over, no effect written
  jobs.finish.written    effect and "done" written, not committed
  jobs.finish.committed  all committed
  cases.sign.written     a signature and the frozen review written, not committed
  cases.sign.committed   committed, not answered
  cases.dicom.stored     a data set of an imaging program kept and committed, not answered
  billing.export.asked   an export and its job committed, not answered
"""

import os
import signal
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

FAULT, MARK, FILE = (os.environ.get(name, "") for name in ("FAULT", "FAULT_MARK", "FAULT_FILE"))
passes: Counter[str] = Counter()


def point(name: str) -> None:
    """Kill this process with SIGKILL if this point is named and this is the pass that is asked for."""
    if FAULT or FILE:
        _pass_by(name, FAULT or _in_file())


def _pass_by(name: str, order: str) -> None:
    pattern, _, nth = order.partition("\n")[0].partition("@")
    if not pattern or not fnmatchcase(name, pattern):
        return
    passes[order] += 1
    if passes[order] >= int(nth or 1) and _is_first():
        os.kill(os.getpid(), signal.SIGKILL)


def _in_file() -> str:
    try:
        return Path(FILE).read_text()
    except FileNotFoundError:
        return ""


def _is_first() -> bool:
    """Whether nobody else has died of this order."""
    try:
        if MARK:
            Path(MARK).touch(exist_ok=False)
        if not FAULT:
            Path(FILE).unlink()
    except (FileExistsError, FileNotFoundError):
        return False
    return True
