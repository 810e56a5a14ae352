"""What may leave the practice: no number by which a few children could be told apart. Pure.

A part (a school, a grade) is hidden where one of its numbers is of 1 to LEAST - 1 children. As the whole stands beside
its parts, a hidden one could be worked out as the rest: so the next smallest part is hidden with it, until at least two
are, which together are no small number either. Where that cannot be had, the whole is hidden.
"""

from collections.abc import Sequence

LEAST = 5  # children: a smaller number is not told outside
Numbers = Sequence[int]  # the numbers of one part, each a sum over children


def is_safe(numbers: Numbers, least: int = LEAST) -> bool:
    """Whether each number is nought or large enough, and they are not of a few children altogether."""
    together = sum(numbers)
    return together == 0 or (together >= least and all(one == 0 or one >= least for one in numbers))


def hidden_parts(parts: Sequence[Numbers], least: int = LEAST) -> frozenset[int]:
    """Which of the parts, by their place, are hidden beside a whole that is told."""
    hidden = {at for at, numbers in enumerate(parts) if not is_safe(numbers, least)}
    others = sorted((sum(numbers), at) for at, numbers in enumerate(parts) if at not in hidden and sum(numbers) > 0)
    while hidden and others and not _covers(parts, hidden, least):
        hidden.add(others.pop(0)[1])
    return frozenset(hidden)


def whole_is_hidden(parts: Sequence[Numbers], whole: Numbers, least: int = LEAST) -> bool:
    """Whether the whole itself is small, or would give away the parts that are hidden."""
    hidden = hidden_parts(parts, least)
    return not is_safe(whole, least) or (bool(hidden) and not _covers(parts, hidden, least))


def _covers(parts: Sequence[Numbers], hidden: Sequence[int] | set[int] | frozenset[int], least: int) -> bool:
    """Whether the hidden parts hide each other: two or more, and what is left of the whole for them is no small number."""
    rest = [sum(column) for column in zip(*(parts[at] for at in hidden), strict=True)]
    return len(hidden) >= 2 and is_safe(rest, least)
