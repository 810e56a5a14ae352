"""The cast at work, the clock standing: cases began half an hour ago, so that leases and due times are true."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.models import Case, Review
from cases.states import Status
from teledent.kit import clock
from tests import cast
from tests.services.standing import built_once

BEGAN = timedelta(minutes=28)  # a case at in_review was started eight minutes ago
NOW = cast.AT + BEGAN


@pytest.fixture(autouse=True)
def now():
    with clock.standing_at(NOW):
        yield NOW


@built_once
def world():
    return cast.build_world()


@pytest.fixture
def client_of(world):
    def make(name, of=None):
        client = Client()
        client.force_login((of or world).people[name])
        return client

    return make


@pytest.fixture
def case_at(world):
    def make(status, **options):
        return cast.case_at(world, status, at=clock.now() - BEGAN, **options)

    return make


class Page:
    """The reading page of one case, as its dentist uses it."""

    def __init__(self, case, client):
        self.case, self.client, self.root = case, client, f"/reading/{case.public_id}/"

    @property
    def review(self):
        return Review.objects.select_related("writer").get(case=self.case, writer__email="dev@example.org")

    def fresh(self):
        return Case.objects.get(pk=self.case.pk)

    def get(self, address="", **headers):
        return self.client.get(self.root + address, headers=headers)

    def post(self, address, *, htmx=False, **said):
        said.setdefault("version", self.review.version)
        return self.client.post(self.root + address, said, headers={"HX-Request": "true"} if htmx else {})


@built_once
def begun(world):
    """A case that Dev has begun to read."""
    with clock.standing_at(NOW):
        return cast.case_at(world, Status.IN_REVIEW, at=NOW - BEGAN)


@built_once
def written_case(world, begun):
    """The same with a complete draft."""
    cast.write(world, begun, NOW)
    return begun


@pytest.fixture
def desk(begun, client_of):
    return Page(begun, client_of("dev"))


@pytest.fixture
def written(written_case, client_of):
    """A page whose draft is complete."""
    return Page(written_case, client_of("dev"))
