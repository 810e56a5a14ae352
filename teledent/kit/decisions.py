"""Answers with their reasons, and the exceptions that carry a sentence for the person who asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done and, if not, the sentence shown to the person. Truthy when allowed."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refuse(reason: str) -> Decision:
    """A refusal with the sentence that says why and what to do."""
    return Decision(False, reason)


class Refused(Exception):
    """A rule says no. `sentence` is shown as it is; the view answers 4xx and nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conflict(Refused):
    """Somebody else was faster or the page is stale: 409, nothing was changed."""


def require(decision: Decision) -> None:
    """Raise `Refused` with the decision's own reason unless it allows."""
    if not decision:
        raise Refused(decision.reason)
