"""Do lists cost more when there is more? Queries and milliseconds of each list at 10 rows and at 10,000.

Run: python -m benchmarks.lists. Aim: the same number of queries; the ratio of times says what the rows below the page cost.
"""

import os
import statistics
import time
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import reverse

from billing.models import Claim
from cases.models import Case, Patient
from cases.states import Status
from tests import cast

LISTS = {
    "capture-day": "hana",
    "reading-queue": "dev",
    "records": "olu",
    "people": "olu",
    "capture-tray": "hana",
    "claims": "rita",
}
ROUNDS = 7


def copies_of(row: Case | Claim | Patient, count: int, **changing: object) -> None:
    """`count` more rows like this one: own ids, own human numbers."""
    model = type(row)
    columns = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    first = model.objects.count() + 1000
    rows = []
    for number in range(first, first + count):
        fresh = {"public_id": uuid.uuid4(), **{name: make(number) for name, make in changing.items()}}  # type: ignore[operator]
        rows.append(model(**{**columns, **fresh}))
    model.objects.bulk_create(rows, batch_size=2000)


def fill(world: cast.World, count: int) -> None:
    patient = Patient.objects.first()
    assert patient is not None
    copies_of(patient, count)
    for status in (Status.DRAFT, Status.SUBMITTED, Status.SIGNED):
        case = Case.objects.filter(status=status).first()
        assert case is not None
        copies_of(case, count // 3, number=lambda n: n)
    claim = Claim.objects.first()
    if claim is not None:
        free = iter(Case.objects.filter(claims__isnull=True).values_list("pk", flat=True))
        copies_of(claim, count // 3, number=lambda n: n, claim_id=lambda n: f"T{n}", case_id=lambda _: next(free))


def look(client: Client, name: str) -> tuple[int, float]:
    """Queries of one warm request, and the median milliseconds of several."""
    address = reverse(name)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
        queries = len(captured)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return queries, statistics.median(times)


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    world = cast.build_world()
    for status in (Status.DRAFT, Status.SUBMITTED, Status.SIGNED):
        cast.case_at(world, status, patient=cast.make_patient(world))
    clients = {}
    for person in set(LISTS.values()):
        clients[person] = Client()
        clients[person].force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    fill(world, 10)
    few = {name: look(clients[person], name) for name, person in LISTS.items()}
    fill(world, 10_000)
    print(f"{'list':16} {'queries at 10':>14} {'at 10,000':>10} {'ms at 10':>9} {'at 10,000':>10} {'ratio':>6}")
    for name, person in LISTS.items():
        queries, spent = look(clients[person], name)
        print(f"{name:16} {few[name][0]:14} {queries:10} {few[name][1]:9.1f} {spent:10.1f} {spent / few[name][1]:6.1f}")


if __name__ == "__main__":
    main()
