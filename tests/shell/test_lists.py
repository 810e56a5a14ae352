"""A list asks the database as often for a dozen rows as for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.filling import LISTS, fill, one_of_each


@pytest.fixture
def filled(db):
    return one_of_each()


def queries_of(world, name):
    """Of a warm request, and how long its page is."""
    client = Client()
    client.force_login(world.people[LISTS[name]], backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse(name))
    assert page.status_code == 200
    return [query["sql"] for query in seen], len(page.content)


def test_no_list_asks_more_for_more_rows(filled):
    world, desk = filled
    before = {name: queries_of(world, name) for name in LISTS}
    fill(world, desk, 12)
    for name, (few, short) in before.items():
        many, long = queries_of(world, name)
        assert len(many) == len(few), f"{name}: {sorted(set(many) - set(few))}"
        assert long > short + 500, f"{name} shows nothing of what was added"
