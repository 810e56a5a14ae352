"""Two people as processes that stay: each round is a word to both at the same instant, so that a hundred rounds cost seconds.

The test holds `Rivals`; each process runs this module, `python -m tests.flows.rivals`: a line of JSON in, one out.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

from tests.services.fixtures import ROOT, Installation

DONE = "done"


class Rivals:
    """Two processes at the same database."""

    def __init__(self, both: "list[subprocess.Popen[str]]") -> None:
        self.both = both

    def at_once(self, *acts: tuple[str, dict[str, Any]]) -> list[Any]:
        """One act each, (verb, arguments), let go at the same instant; what each answers."""
        for rival, act in zip(self.both, acts, strict=True):
            rival.stdin.write(json.dumps(act) + "\n")
            rival.stdin.flush()
        return [self._answer(rival) for rival in self.both]

    def alone(self, verb: str, **said: Any) -> Any:
        """One act by the first of them, while the other waits."""
        self.both[0].stdin.write(json.dumps((verb, said)) + "\n")
        self.both[0].stdin.flush()
        return self._answer(self.both[0])

    def _answer(self, rival: "subprocess.Popen[str]") -> Any:
        line = rival.stdout.readline()
        assert line, "A rival died; what it said stands above."
        return json.loads(line)


@contextmanager
def rivals(product: Installation) -> Iterator[Rivals]:
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.flows.rivals"], env=product.environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) for _ in range(2)
    ]  # fmt: skip
    try:
        yield Rivals(both)
    finally:
        for rival in both:
            rival.communicate(timeout=60)


def main() -> None:
    """Answers each act by what it gave, by the sentence of a refusal, or ends with what went wrong."""
    django.setup()
    from teledent.kit.decisions import Refused  # noqa: PLC0415 - models can be imported from here on
    from tests.flows import rival_acts  # noqa: PLC0415

    for line in sys.stdin:
        verb, said = json.loads(line)
        act: Callable[..., Any] = getattr(rival_acts, verb)
        try:
            answer = act(**said)
        except Refused as refusal:
            answer = refusal.sentence
        print(json.dumps(DONE if answer is None else answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
