"""Does the desk cost more when more claims wait? Queries and milliseconds of work of each list's first page at 1,000 and 50,000.

Run: python -m benchmarks.claims_desk [CLAIMS ...]. On SQLite, in a file of its own; with DATABASE_URL in a test database made
beside the named one; `python -m tests.services.run postgres -- python -m benchmarks.claims_desk` starts a PostgreSQL for it.
Of ten claims four need a person, three wait (one as ready, two with the payer, most of them in time), three are paid; eight
payers; one line and, where it was answered, one outcome each. Aim: as many queries for any number, and for a list no more
than 1.5 times the milliseconds. Figures add up every claim of their time: they are measured beside, and do grow.
"""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test import Client

from benchmarks.queue import SQLITE, UUID, measured, own_database, rows_like
from billing.figures import REPORTS
from billing.models import Claim, ClaimLine, Coverage, LineOutcome, Payer
from cases.models import Case
from cases.states import Status
from tests import cast

STEPS = (1_000, 50_000)
PAYERS = 8
LISTS = {
    "today": "", "second page": None, "mine": "?show=mine", "unanswered": "?show=unanswered", "void": "?show=void",
    "put off": "?show=asleep", "owed": "?show=owed", "one payer": "?payer={payer}", "denied": "?status=denied",
    "documents": "?outcome=documents", "appeal": "?clock=appeal", "nobody's": "?who=nobody", "over 120 d": "?show=owed&age=over-120",
}  # fmt: skip
KINDS = (  # by the last digit of a claim's number: status, desk, clock
    ("blocked", "act", "filing"), ("rejected", "act", "filing"), ("denied", "act", "correction"), ("part_paid", "act", "appeal"),
    ("ready", "", "filing"), ("exported", "wait", "answer"), ("accepted", "wait", "answer"),
    ("paid", "", ""), ("paid", "", ""), ("paid", "", ""),
)  # fmt: skip
ANSWERED = "n.i % 10 IN (2, 3, 7, 8, 9)"


def by_kind(at: int) -> str:
    """SQL: a column of `KINDS` by the number n.i."""
    return "CASE n.i % 10 " + " ".join(f"WHEN {digit} THEN '{kind[at]}'" for digit, kind in enumerate(KINDS)) + " END"


def days_on(days: str) -> str:
    """SQL for a day some days (an expression) from today."""
    return f"date('now', ({days}) || ' days')" if SQLITE else f"(current_date + ({days}))"


def without_guards() -> None:
    """A benchmark writes rows of signed cases and sent claims as no product code may."""
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for model in (Case, Claim, ClaimLine):
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")


def seed(world: cast.World) -> None:
    """One claim with its line and outcome, which all others are copied from, and the payers' coverages."""
    case = cast.case_at(world, Status.SIGNED, patient=cast.make_patient(world))
    for number in range(PAYERS):
        payer = Payer.objects.create(
            practice=world.practice, name=f"Payer {number}", payer_id=f"P{number}", filing_limit_days=180
        )
        Coverage.objects.create(
            patient=case.patient, payer=payer, relationship="18", member_id=f"M{number}", valid_from=date(2020, 1, 1)
        )
    claim = Claim.objects.get(case=case)
    Claim.objects.filter(pk=claim.pk).update(
        service_date=date(2020, 1, 1), checked_at=claim.made_at, total=Decimal("72.00"), desk="act", status="blocked",
        coverage=Coverage.objects.order_by("pk")[0],
    )  # fmt: skip
    line = ClaimLine.objects.create(
        claim=claim, number=1, code="D0140", service_date=date(2020, 1, 1), charge=Decimal("72.00")
    )
    LineOutcome.objects.create(
        line=line,
        claim=claim,
        outcome="documents",
        step="attach",
        paid=0,
        patient_share=0,
        written_off=0,
        at=claim.made_at,
    )


def fill(first: int, last: int) -> None:
    case, claim = Case.objects.order_by("pk")[0], Claim.objects.order_by("pk")[0]
    line, outcome = ClaimLine.objects.order_by("pk")[0], LineOutcome.objects.order_by("pk")[0]

    def key(model: type[Case | Claim | ClaimLine]) -> str:
        """SQL for the key that the copy with number n.i has or will have."""
        return f"n.i + {model.objects.order_by('-pk').values_list('pk', flat=True)[0] - (first - 1)}"

    cases, claims, lines = key(Case), key(Claim), key(ClaimLine)
    coverage = f"{Coverage.objects.order_by('pk')[0].pk} + n.i % {PAYERS}"
    seen = days_on("-(n.i % 400)")
    rows_like(case, first, last, public_id=UUID, number="n.i + 1000")
    rows_like(
        claim, first, last, public_id=UUID, case_id=cases, number="n.i + 1000", claim_id="'B' || n.i", status=by_kind(0), desk=by_kind(1),
        due_kind=by_kind(2), coverage_id=coverage, service_date=seen, total="(n.i * 7919 % 40000) / 100.0",
        exported_at="CASE WHEN n.i % 10 NOT IN (0, 4) THEN t.checked_at END", sent_on=f"CASE WHEN n.i % 10 NOT IN (0, 4) THEN {seen} END",
        answered_on=f"CASE WHEN {ANSWERED} THEN {days_on('-(n.i % 360)')} END",
        paid=f"CASE WHEN {ANSWERED} AND n.i % 10 <> 2 THEN 1 ELSE 0 END",
        due_on=f"CASE WHEN n.i % 10 < 7 THEN {days_on('n.i * 7919 % 20000 / 100 - CASE WHEN n.i % 10 < 5 THEN 60 ELSE 10 END')} END",
    )  # fmt: skip
    rows_like(line, first, last, claim_id=claims, service_date=seen)
    rows_like(
        outcome,
        first,
        last,
        ANSWERED,
        claim_id=claims,
        line_id=lines,
        outcome="CASE WHEN n.i % 10 = 2 THEN 'documents' ELSE 'paid' END",
    )


def works(client: Client) -> dict[str, Callable[[], None]]:
    def page(address: str) -> Callable[[], None]:
        def look() -> None:
            assert client.get(address).status_code == 200

        return look

    following = client.get("/claims/desk/").context["following"]
    payer = Payer.objects.order_by("pk")[0].public_id
    lists = {
        name: query.format(payer=payer) if query is not None else f"?after={following}" for name, query in LISTS.items()
    }
    return {
        **{name: page(f"/claims/desk/{query}") for name, query in lists.items()},
        **{f"= {name}": page(f"/claims/figures/{name}/") for name in REPORTS},
    }


def measure(steps: list[int]) -> None:
    world = cast.build_world()
    seed(world)
    without_guards()
    client = Client()
    client.force_login(world.people["rita"], backend="django.contrib.auth.backends.ModelBackend")
    print(f"{connection.vendor}: queries, milliseconds of work, and the ratio to the first step; figures are marked =")
    first: dict[str, float] = {}
    done = 0
    for step in steps:
        fill(done + 1, step)
        done = step
        if not SQLITE:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, work in works(client).items():
            queries, spent = measured(work)
            first.setdefault(name, spent)
            print(f"{step:>9,}  {name:12} {queries:3} queries {spent:7.1f} ms  {spent / first[name]:5.2f}", flush=True)


def main() -> None:
    steps = [int(one) for one in sys.argv[1:]] or list(STEPS)
    with own_database("claims_desk"):
        measure(steps)


if __name__ == "__main__":
    main()
