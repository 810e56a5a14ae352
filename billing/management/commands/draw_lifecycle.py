"""manage.py draw_lifecycle [--check]: docs/lifecycle.md from the tables of moves, so that it never tells a tale."""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from billing import appeal_states as appeals
from billing import authorisation_states as authorisations
from billing import states as claims
from cases import follow_up
from cases import order_states as orders
from cases import states as cases
from teledent.kit.moves import Move, as_mermaid

PAGE = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"


class Command(BaseCommand):
    help = "Write docs/lifecycle.md from the tables of moves; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the page does not say what the tables say")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        drawn = lifecycle()
        if not check:
            PAGE.write_text(drawn, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != drawn:
            raise CommandError("docs/lifecycle.md is out of date: run manage.py draw_lifecycle.")


def lifecycle() -> str:
    """The whole page as markdown."""
    asked = authorisations
    return "\n".join(
        [
            "# Life of a case, of an order, of its follow-up, of a claim, of an appeal, of an authorisation",
            "",
            "Printed by `manage.py draw_lifecycle` from the tables of moves in cases and billing; do not edit it.",
            "",
            *_section("Case", cases.MOVES.values(), cases.LABELS, cases.OWNERS, initial=cases.Status.DRAFT),
            *_section(
                "Order of a dentist to the hygienist", orders.ORDER_MOVES.values(), orders.ORDER_LABELS, orders.ORDER_OWNERS,
                initial=orders.OrderStatus.DRAFTED, further=orders.OrderStatus.OPEN,
            ),
            *_section(
                "Follow-up", follow_up.MOVES, follow_up.LABELS, follow_up.OWNERS, initial=follow_up.State.PENDING,
                note="What the steps after the signature add up to, worked out and never typed.",
            ),
            *_section("Claim", claims.MOVES.values(), claims.LABELS, claims.OWNERS, initial=claims.Status.DRAFT),
            *_section(
                "Appeal", appeals.APPEAL_MOVES.values(), appeals.APPEAL_LABELS, appeals.APPEAL_OWNERS,
                initial=appeals.AppealStatus.DRAFTED,
            ),
            *_section(
                "Authorisation, predetermination", asked.AUTHORISATION_MOVES.values(), asked.AUTHORISATION_LABELS,
                asked.AUTHORISATION_OWNERS, initial=asked.AuthorisationStatus.DRAFTED,
                note="That an approval has run out is no status: it follows from its days.",
            ),
        ]
    )  # fmt: skip


def _section(
    heading: str, moves: Iterable[Move], labels: Mapping[Any, str], owners: Mapping[Any, str], *, initial: str,
    further: str = "", note: str = "",
) -> list[str]:  # fmt: skip
    """One noun: its diagram, its moves, its statuses."""
    table = list(moves)
    said = [f"## {heading}", "", *([note, ""] if note else []), *_drawn(table, initial=initial, further=further)]
    return [*said, *_table(table), "", *_statuses(labels, owners), ""]


def _drawn(moves: Iterable[Move], *, initial: str, further: str = "") -> list[str]:
    """`further` is a second status in which a row may begin its life."""
    drawn = as_mermaid(moves, initial=initial).rstrip("\n")
    begin = f"    [*] --> {initial}"
    return ["```mermaid", drawn.replace(begin, f"{begin}\n    [*] --> {further}") if further else drawn, "```", ""]


def _table(moves: Iterable[Move]) -> list[str]:
    rows = (f"| {m.name} | {', '.join(sorted(m.sources))} | {m.target} | {m.owner} |" for m in moves)
    return ["| move | from | to | made by |", "|---|---|---|---|", *rows]


def _statuses(labels: Mapping[Any, str], owners: Mapping[Any, str]) -> list[str]:
    rows = (f"| {status} | {label} | {owners[status]} |" for status, label in labels.items())
    return ["| status | shown as | whose turn |", "|---|---|---|", *rows]
