"""Process each file named on the command line in a fork of its own, with 1.5 GB of memory and 60 s of time.

Prints one line of JSON a file: the answer, the signal that ended the child if one did, its peak memory in MB.
"""

import json
import os
import resource
import sys
from pathlib import Path

from cases.imaging.process import process_file

MEMORY, SECONDS = 1_500_000_000, 60


def run_limited(source: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out_dir = Path(source + ".out")
    out_dir.mkdir()
    answer = process_file(source=source, out_dir=str(out_dir), mirrored=False)
    Path(source + ".json").write_text(json.dumps(answer), encoding="utf-8")


def main(sources: list[str]) -> None:
    for source in sources:
        child = os.fork()
        if child == 0:
            try:
                run_limited(source)
            except BaseException as error:
                sys.stderr.write(f"{source}: {error!r}\n")
                os._exit(1)
            os._exit(0)
        _, status, usage = os.wait4(child, 0)
        report = {"source": source, "exit": os.waitstatus_to_exitcode(status), "peak_mb": usage.ru_maxrss // 1024}
        sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
