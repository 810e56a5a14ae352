"""How many claims of a remittance are read and posted in a second, and does memory stay where it is when a file grows a hundredfold?

Run: python -m benchmarks.posting [CLAIMS ...]. On SQLite, in a file of its own; with DATABASE_URL in a test database made
beside the named one; `python -m tests.services.run postgres -- python -m benchmarks.posting` starts a PostgreSQL for it.
Sent claims of two lines, each answered in one of the ways of `tests.billing.answers.fates` by turns. What came of each line is
compared with what its fate says, to the cent: a difference ends it with 1. The floor writes the same rows of payments, lines
and outcomes once more, in batches of as many, and changes the claims, without reading a file or judging anything. Aim: memory
at the largest file within 1.5 times that at the smallest, else it ends with 1.
"""

import resource
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction

from benchmarks.claims_desk import without_guards
from benchmarks.queue import UUID, own_database, rows_like
from billing.actions.receiving import receive_edi
from billing.jobs.posting import BATCH
from billing.models import Claim, ClaimLine, ClaimPayment, LineOutcome, LinePayment
from tests import cast
from tests.billing import cast as money
from tests.billing.answers.fates import FATES, Fate, dated
from tests.billing.x12.envelopes import interchange, written
from tests.billing.x12.remittances import Billed, BilledLine, Check, remittance

SIZES = (1_000, 10_000, 100_000)
A_SET = 1_000  # claims of one payment
CHARGES = (Decimal("72.00"), Decimal("14.35"))
DAY = date(2026, 11, 17)
ELSEWHERE = 20_000  # above the numbers of lines in a claim


def seed(world: cast.World) -> None:
    """One sent claim with its lines, which all others are copied from."""
    desk = money.build_desk(world)
    money.ready_claim(desk)
    money.exported(desk)
    without_guards()
    for line, charge in zip(ClaimLine.objects.order_by("number"), CHARGES, strict=True):
        ClaimLine.objects.filter(pk=line.pk).update(charge=charge)
    Claim.objects.update(total=sum(CHARGES), facts={}, draft={})


def fill(first: int, last: int) -> None:
    claim = Claim.objects.order_by("pk")[0]
    case, lines = claim.case, list(claim.lines.order_by("number"))

    def key(row: models.Model) -> str:
        newest = type(row)._default_manager.order_by("-pk").values_list("pk", flat=True)[0]
        return f"n.i + {newest - (first - 1)}"

    cases, claims = key(case), key(claim)
    rows_like(case, first, last, public_id=UUID, number="n.i + 1000")
    rows_like(claim, first, last, public_id=UUID, case_id=cases, number="n.i + 1000", claim_id="'B' || n.i")
    for line in lines:
        rows_like(line, first, last, claim_id=claims)


def fate_of(number: int) -> Fate:
    lines = (
        BilledLine(f"B{number}-{at}", code, charge)
        for at, (code, charge) in enumerate(zip(("D0140", "D9996"), CHARGES, strict=True), 1)
    )
    some = Decimal(number * 7919 % 9_000).scaleb(-2)
    fate = FATES[number % len(FATES)](
        Billed(f"B{number}", tuple(lines)), some, some / 2 // Decimal("0.01") * Decimal("0.01")
    )
    return replace(fate, answers=tuple(dated(one, DAY) for one in fate.answers))


def file_of(first: int, last: int) -> Iterator[bytes]:
    """One interchange, a payment for every thousand claims, a block each."""
    empty = interchange([[["ST", "835", "0"], ["SE", "2", "0"]]], control=first)
    head, tail = empty[: empty.index("ST*")], empty[empty.index("GE*") :]
    yield head.encode()
    starts = range(first, last + 1, A_SET)
    for count, start in enumerate(starts, 1):
        answers = tuple(one for number in range(start, min(start + A_SET, last + 1)) for one in fate_of(number).answers)
        check = Check(f"EFT{start:09}", answers, paid_on=date(2026, 12, 1))
        yield written(remittance(check, f"{count:04}")).encode()
    yield tail.replace("GE*1*", f"GE*{len(starts)}*").encode()


def post(practice: Any, first: int, last: int) -> float:
    """Seconds from the file to the last outcome, by the jobs of a worker."""
    begun = time.perf_counter()
    receive_edi(practice, name="many.835", blocks=file_of(first, last), by=None, at=money.LATER)
    money.run_jobs()
    return time.perf_counter() - begun


def check(first: int, last: int) -> int:
    """How many lines are not as their fate says."""
    wrong = 0
    rows = LineOutcome.objects.values_list("claim__claim_id", "line__number", "paid", "outcome").order_by(
        "claim", "line"
    )
    found: dict[str, dict[str, tuple[Decimal, str]]] = {}
    for claim, number, paid, outcome in rows.filter(claim__number__range=(first + 1000, last + 1000)).iterator():
        found.setdefault(claim, {})[f"{claim}-{number}"] = (paid, outcome)
    for number in range(first, last + 1):
        told = fate_of(number).lines
        wrong += sum(found.get(f"B{number}", {}).get(line) != said for line, said in told.items())
    return wrong


def floor(first: int, last: int) -> float:
    """Seconds for the same rows, as they stand, in batches of their claims."""
    claims = Claim.objects.filter(number__range=(first + 1000, last + 1000)).order_by("pk")
    numbers = list(claims.values_list("pk", flat=True))
    begun = time.perf_counter()
    for at in range(0, len(numbers), BATCH):
        some = numbers[at : at + BATCH]
        with transaction.atomic():
            Claim.objects.bulk_update(
                Claim.objects.filter(pk__in=some), ["status", "paid", "patient_share", "answered_at"]
            )
            again(ClaimPayment.objects.filter(claim__in=some), "segment", 100_000_000)
            again(LinePayment.objects.filter(payment__claim__in=some, number__lt=ELSEWHERE), "number", ELSEWHERE)
            outcomes = list(LineOutcome.objects.filter(claim__in=some))
            LineOutcome.objects.filter(claim__in=some).delete()
            LineOutcome.objects.bulk_create(outcomes)
    return time.perf_counter() - begun


def again(rows: models.QuerySet[Any], number: str, away: int) -> None:
    """These rows once more, with their numbers where nothing stands."""
    copies = list(rows)
    for copy in copies:
        copy.pk = None
        if isinstance(copy, ClaimPayment):
            copy.public_id = uuid.uuid4()
        setattr(copy, number, getattr(copy, number) + away)
    rows.model._default_manager.bulk_create(copies)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(sizes: list[int]) -> int:
    world = cast.build_world()
    seed(world)
    print(f"{connection.vendor}: claims read and posted a second, peak MB of the process, and the ratio to the floor")
    done, memory, faults = 0, [], 0
    for size in sizes:
        fill(done + 1, done + size)
        spent = post(world.practice, done + 1, done + size)
        memory.append(peak())
        faults += (wrong := check(done + 1, done + size))
        rate, least = size / spent, size / floor(done + 1, done + size)
        print(
            f"{size:>9,}  {rate:8,.0f}/s  {memory[-1]:6.0f} MB  {rate / least:5.2f} of {least:,.0f}/s  {wrong} lines wrong",
            flush=True,
        )
        done += size
    return 1 if faults or memory[-1] > 1.5 * memory[0] else 0


def main() -> int:
    sizes = [int(one) for one in sys.argv[1:]] or list(SIZES)
    with own_database("posting"):
        return measure(sizes)


if __name__ == "__main__":
    sys.exit(main())
