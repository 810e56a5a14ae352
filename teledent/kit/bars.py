"""Bars of a chart as plain data: what each says, how long it is, and where it stands in the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LABEL_MOST = 30  # signs of a bar's name; the table has the whole
ROW, SECOND = 38, 14  # heights in a drawing: of a name with its bar, and of a second bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One name with one or two lengths, each a share of the chart's width, and what they say."""

    label: str
    share: Decimal
    said: str
    second: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    description: str
    bars: tuple[Bar, ...]
    keys: tuple[str, ...] = ()  # what the first and the second bar mean, where there are two

    @property
    def step(self) -> int:
        return ROW + SECOND if self.keys else ROW

    @property
    def height(self) -> int:
        return self.step * len(self.bars)

    @property
    def drawn(self) -> list["DrawnBar"]:
        return [
            DrawnBar(bar, at * self.step + 14, at * self.step + 20, at * self.step + 20 + SECOND, f"{bar.share * 100:.2f}%",
                     "" if bar.second is None else f"{bar.second * 100:.2f}%")
            for at, bar in enumerate(self.bars)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """Where one bar stands, in pixels down and hundredths across; ready for the template."""

    bar: Bar
    name_y: int
    bar_y: int
    second_y: int
    width: str
    second: str  # empty without one


def share_of(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Between 0 and whatever; None of nothing."""
    return Decimal(part) / Decimal(whole) if whole else None


def bars_of(
    named: Sequence[tuple[str, Decimal, str, Decimal | None]], *, whole: Decimal = Decimal(0)
) -> tuple[Bar, ...]:
    """Bars for (name, value, words, second value): the longest of all, or `whole` if that is longer, fills the width."""
    most = max([whole, *(one[1] for one in named), *(one[3] for one in named if one[3] is not None)])
    scale = most or Decimal(1)

    def length(value: Decimal) -> Decimal:
        return max(value, Decimal(0)) / scale

    return tuple(
        Bar(_short(name), length(value), said, None if second is None else length(second))
        for name, value, said, second in named
    )


def _short(name: str) -> str:
    return name if len(name) <= LABEL_MOST else f"{name[: LABEL_MOST - 1].rstrip()}…"
