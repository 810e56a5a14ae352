"""Do lists cost more when there is more? Queries and milliseconds of each list at 10 rows and at 10,000.

Run: python -m benchmarks.lists. Aim: the same number of queries, else it ends with 1; the ratio of times says what the
rows below the page cost.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import reverse

from tests.filling import LISTS, fill, one_of_each

FEW, MANY = 10, 10_000
ROUNDS = 7


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


def main() -> int:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    world, desk = one_of_each()
    clients = {}
    for person in set(LISTS.values()):
        clients[person] = Client()
        clients[person].force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    fill(world, desk, FEW)
    few = {name: look(clients[person], name) for name, person in LISTS.items()}
    fill(world, desk, MANY)
    many = {name: look(clients[person], name) for name, person in LISTS.items()}
    print(f"{'list':16} {'queries at 10':>14} {'at 10,000':>10} {'ms at 10':>9} {'at 10,000':>10} {'ratio':>6}")
    for name in LISTS:
        (before, fast), (queries, spent) = few[name], many[name]
        print(f"{name:16} {before:14} {queries:10} {fast:9.1f} {spent:10.1f} {spent / fast:6.1f}")
    growing = [name for name in LISTS if few[name][0] != many[name][0]]
    if growing:
        print(f"More rows take more queries: {', '.join(growing)}.")
    return 1 if growing else 0


if __name__ == "__main__":
    sys.exit(main())
